import assert from "node:assert/strict";
import { chmodSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ComparedBuilds } from "../support/comparedBuilds";
import { askDaemon, build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { forgetCacheOf } from "../support/forgetCacheOf";
import { useNewestEngine } from "../support/newestEngine";

for (const isNewest of [false, true]) {
  describe(`why a step was not cached, on ${isNewest ? "the newest" : "the usual"} engine`, function () {
    this.timeout(60_000);
    if (isNewest) useNewestEngine();
    after(removeTemporaryFolders);

    /** A folder that was built once. Its texts are those of no other test, so that nothing is in the cache. */
    async function built(dockerfile: readonly string[], options = {}): Promise<ComparedBuilds> {
      const unique = uniqueName();
      const root = temporaryFolder({
        Dockerfile: dockerfile.map((line) => `${line.replace("UNIQUE", unique)}\n`).join(""),
        "app/main.py": "print(1)\n",
        "app/other.py": "print(2)\n",
        "notes.txt": "one\n",
      });
      const builds = new ComparedBuilds(root);
      assert.equal(await builds.build(options), undefined);
      assert.deepEqual(builds.inWords(builds.why("RUN")), { kind: "noEarlier" });
      return builds;
    }

    const write = ({ root }: ComparedBuilds, path: string, content: string): void =>
      writeFileSync(join(root, path), content);

    it("names the files that have changed, and the step before for what follows", async () => {
      const builds = await built(["FROM busybox:1.35", "RUN echo UNIQUE", "COPY app /app", "RUN cat /app/main.py"]);
      write(builds, "app/main.py", "print(3)\n");
      write(builds, "app/new.py", "print(4)\n");
      rmSync(join(builds.root, "app/other.py"));
      write(builds, "notes.txt", "which no instruction copies\n");
      await builds.build();
      assert.equal(builds.step("RUN echo").state, "cached");
      assert.equal(builds.step("COPY").state, "done");
      assert.deepEqual(builds.inWords(builds.why("COPY")), [
        {
          kind: "files",
          changes: [
            { path: "app/main.py", kind: "changed" },
            { path: "app/new.py", kind: "added" },
            { path: "app/other.py", kind: "removed" },
          ],
        },
      ]);
      assert.equal(builds.step("RUN cat").state, "done");
      assert.deepEqual(builds.inWords(builds.why("RUN cat")), [`step ${builds.step("COPY").name}`]);
    });

    it("finds nothing where files were only touched, or not at all: BuildKit has all in its cache", async () => {
      const builds = await built(["FROM busybox:1.35", "RUN echo UNIQUE", "COPY app /app", "RUN cat /app/main.py"]);
      for (const change of [() => utimesSync(join(builds.root, "app/main.py"), 1, 1), () => undefined]) {
        change();
        await builds.build();
        for (const step of ["RUN echo", "COPY", "RUN cat"]) {
          assert.equal(builds.step(step).state, "cached", step);
          assert.equal(builds.why(step), undefined);
        }
      }
      // The content was last sent two builds ago, and has the same size.
      write(builds, "app/main.py", "print(9)\n");
      await builds.build();
      assert.deepEqual(builds.inWords(builds.why("COPY")), [
        { kind: "files", changes: [{ path: "app/main.py", kind: "changed" }] },
      ]);
    });

    it("names the base image whose digest has changed", async () => {
      const base = `${uniqueName("base")}:1`;
      const change = async (content: string): Promise<void> => {
        const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY content /content\n", content });
        await build({ root, imageName: base });
      };
      await change(`one ${base}`);
      const builds = await built([`FROM ${base}`, "RUN echo UNIQUE", "RUN cat /content"]);
      // Whether BuildKit still has the result is its own affair: nothing has changed.
      await builds.build();
      assert.ok(!("causes" in (builds.why("RUN echo") ?? {})));
      await change(`two ${base}`);
      await builds.build();
      assert.equal(builds.step("RUN echo").state, "done");
      const [cause, ...others] = builds.inWords(builds.why("RUN echo")) as {
        kind: string;
        image: string;
        now: string;
      }[];
      assert.deepEqual([cause?.kind, cause?.image, others], ["base", `docker.io/library/${base}`, []]);
      const { Id } = (await askDaemon(`/images/${base}/json`)) as {
        Id: string;
      };
      assert.equal(cause?.now, Id);
      assert.deepEqual(builds.inWords(builds.why("RUN cat")), [`step ${builds.step("RUN echo").name}`]);
    });

    if (!isNewest) return;

    it("names the files of a named context", async () => {
      const shared = temporaryFolder({ "lib/a.py": "1\n", "notes.txt": "2\n" });
      const options = { buildContexts: { shared } };
      const builds = await built(
        ["FROM busybox:1.35", "RUN echo UNIQUE", "COPY --from=shared lib /lib", "COPY app /app", "RUN cat /lib/a.py"],
        options,
      );
      writeFileSync(join(shared, "lib/a.py"), "3\n");
      writeFileSync(join(shared, "notes.txt"), "which no instruction copies\n");
      await builds.build(options);
      assert.deepEqual(builds.inWords(builds.why("COPY --from=shared")), [
        { kind: "files", changes: [{ context: "shared", path: "lib/a.py", kind: "changed" }] },
      ]);
      assert.deepEqual(builds.inWords(builds.why("COPY app")), [`step ${builds.step("COPY --from=shared").name}`]);
      // Nothing has changed since, and BuildKit has all in its cache.
      await builds.build(options);
      for (const step of ["RUN echo", "COPY --from=shared", "COPY app", "RUN cat"]) {
        assert.equal(builds.step(step).state, "cached", step);
        assert.equal(builds.why(step), undefined);
      }
    });

    it("names a file of another mode, and one that a mount uses", async () => {
      const builds = await built([
        "FROM busybox:1.35",
        "RUN --mount=type=bind,source=app,target=/app cat /app/main.py && echo UNIQUE",
      ]);
      chmodSync(join(builds.root, "app/main.py"), 0o755);
      await builds.build();
      assert.equal(builds.step("RUN").state, "done");
      assert.deepEqual(builds.inWords(builds.why("RUN")), [
        { kind: "files", changes: [{ path: "app/main.py", kind: "changed" }] },
      ]);
    });

    it("names the arguments that have changed, of those that a step can see", async () => {
      const builds = await built(
        [
          "FROM busybox:1.35",
          "RUN echo UNIQUE",
          "ARG UNUSED",
          "COPY notes.txt /notes",
          "ARG PASSWORD",
          "ARG VERSION=1",
          "RUN echo $VERSION",
          "ARG LATER",
        ],
        { buildArgs: { PASSWORD: "first", LATER: "1" } },
      );
      await builds.build({ buildArgs: { PASSWORD: "second", LATER: "2" } });
      assert.equal(builds.step("COPY").state, "cached");
      assert.equal(builds.step("RUN echo").state, "cached");
      const run = builds.names.find((name) => name.includes("4/4")) ?? assert.fail();
      const last = run.replace(/^\[[^\]]*\] /, "");
      assert.equal(builds.step(last).state, "done");
      assert.deepEqual(builds.inWords(builds.why(last)), [{ kind: "arguments", names: ["PASSWORD"] }]);
    });

    it("names the argument from which a path is made, and an ENV made of it", async () => {
      const builds = await built(
        [
          "FROM busybox:1.35 AS base",
          "ARG WHICH",
          "ENV CHOSEN=$WHICH",
          "FROM base",
          "COPY app/$CHOSEN.py /x",
          "RUN echo UNIQUE",
        ],
        { buildArgs: { WHICH: "main" } },
      );
      await builds.build({ buildArgs: { WHICH: "other" } });
      assert.equal(builds.step("COPY").state, "done");
      assert.deepEqual(builds.inWords(builds.why("COPY")), [{ kind: "variables", names: ["CHOSEN"] }]);
    });

    it("names the instruction that was edited, and says that a build ran without the cache", async () => {
      const builds = await built(["FROM busybox:1.35", "ENV A=1", "RUN echo UNIQUE", "RUN echo last"]);
      write(builds, "Dockerfile", builds.dockerfile().replace("echo last", "echo new"));
      await builds.build();
      assert.equal(builds.step("RUN echo new").state, "done");
      assert.deepEqual(builds.inWords(builds.why("RUN echo new")), [{ kind: "instruction", keyword: "RUN", line: 4 }]);
      write(builds, "Dockerfile", builds.dockerfile().replace("A=1", "A=2"));
      await builds.build();
      assert.equal(builds.step("RUN echo").state, "done");
      assert.deepEqual(builds.inWords(builds.why("RUN echo")), [{ kind: "variables", names: ["A"] }]);
      await builds.build({ noCache: true });
      assert.equal(builds.step("RUN echo").state, "done");
      assert.deepEqual(builds.inWords(builds.why("RUN echo")), [{ kind: "noCache" }]);
    });

    it("says that a step failed before", async () => {
      const builds = await built(["FROM busybox:1.35", "RUN echo UNIQUE", "RUN true"]);
      write(builds, "Dockerfile", builds.dockerfile().replace("true", "false"));
      assert.ok(await builds.build());
      assert.ok(await builds.build());
      assert.deepEqual(builds.inWords(builds.why("RUN false")), { kind: "failedBefore" });
    });

    it("says that nothing has changed where the result was deleted from the cache", async () => {
      const builds = await built(["FROM busybox:1.35", "COPY app /app", "RUN echo UNIQUE"]);
      await forgetCacheOf(/echo (\S+)/.exec(builds.dockerfile())?.[1] ?? assert.fail());
      await builds.build();
      assert.equal(builds.step("COPY").state, "cached");
      assert.deepEqual(builds.inWords(builds.why("RUN echo")), { kind: "pruned" });
    });
  });
}
