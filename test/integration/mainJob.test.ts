import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { BuilderChoice } from "../../src/core/base/buildOptions";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import {
  authRegistry,
  build,
  coreOn,
  credentialsFor,
  given,
  login,
  outputOf,
  plainRegistry,
  registryDigest,
  uniqueName,
} from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { recordingOperation } from "../support/operation";

const hello = {
  Dockerfile:
    "FROM busybox:1.35 AS build\nARG GREETING=hello\nWORKDIR /app\nCOPY . .\n" +
    "RUN echo $GREETING > greeting && find . | sort\nFROM build\nRUN cat greeting\n",
  ".dockerignore": "secret\n**/*.log\n!keep.log\n",
  "main.sh": "echo hi\n",
  secret: "x",
  "a.log": "x",
  "keep.log": "x",
  "sub/b.log": "x",
  "sub/ü😀 name,comma": "x",
};

describe("the main job", () => {
  const builders: readonly BuilderChoice[] = ["auto", "classic"];
  after(removeTemporaryFolders);

  before(async function () {
    const { product, version } = await createEngineAccess({ dockerHost: given("DOCKER_HOST") }).probe();
    console.log(`      with ${product} ${version}`);
  });

  for (const builder of builders) {
    describe(`with the builder ${builder}`, () => {
      it("builds a folder, pushes it and gets the digest that the registry tells [Z89][Z95][Z104]", async () => {
        const operation = recordingOperation();
        const imageName = `${plainRegistry()}/${uniqueName()}:1`;
        const result = await build({
          root: temporaryFolder(hello),
          imageName,
          registry: plainRegistry(),
          options: { builder, noCache: true },
          operation,
        });

        const digest = await registryDigest(imageName);
        assert.match(digest ?? "", /^sha256:[0-9a-f]{64}$/);
        assert.equal(result.digest, digest);
        assert.equal(result.repoDigest, `${imageName.replace(/:1$/, "")}@${digest}`);
        assert.equal(result.reference, result.repoDigest);
        assert.match(result.imageId ?? "", /^sha256:[0-9a-f]{64}$/);
      });

      it("sends what the ignore file leaves, with modes, links and empty folders", async () => {
        const root = temporaryFolder({
          ...hello,
          Dockerfile:
            "FROM busybox:1.35\nCOPY . /context\nRUN cd /context && find . -exec stat -c '%n %a %F' {} + | sort\n",
        });
        chmodSync(join(root, "main.sh"), 0o755);
        chmodSync(join(root, "keep.log"), 0o600);
        mkdirSync(join(root, "empty"), { mode: 0o700 });
        symlinkSync("main.sh", join(root, "link"));
        symlinkSync("/nowhere", join(root, "dangling"));
        const operation = recordingOperation();
        await build({ root, imageName: `${uniqueName()}:1`, options: { builder, noCache: true }, operation });

        const found = outputOf(operation.events)
          .split("\n")
          .filter((line) => line.startsWith("./"));
        assert.deepEqual(found, [
          "./.dockerignore 644 regular file",
          "./Dockerfile 644 regular file",
          "./dangling 777 symbolic link",
          "./empty 700 directory",
          "./keep.log 600 regular file",
          "./link 777 symbolic link",
          "./main.sh 755 regular file",
          "./sub 755 directory",
          "./sub/ü😀 name,comma 644 regular file",
        ]);
      });

      it("takes build args, a target, labels and several tags", async () => {
        const operation = recordingOperation();
        const [first, second] = [`${plainRegistry()}/${uniqueName()}:1`, `${plainRegistry()}/${uniqueName()}:2`];
        const options = {
          builder,
          buildArgs: { GREETING: "good day" },
          target: "build",
          labels: { "org.example": "yes" },
          tags: [second],
          noCache: true,
        };
        const result = await build({
          root: temporaryFolder(hello),
          imageName: first,
          registry: plainRegistry(),
          options,
          operation,
        });
        assert.equal(await registryDigest(first), result.digest);
        assert.equal(await registryDigest(second), result.digest);
        assert.ok(!outputOf(operation.events).includes("good day"), "the second stage must not run");
      });

      it("takes a Dockerfile from outside the folder, which then is not in the image", async () => {
        const elsewhere = temporaryFolder({
          "My.Dockerfile": "FROM busybox:1.35\nCOPY . /context\nRUN cd /context && find . | sort\n",
        });
        const operation = recordingOperation();
        const options = { builder, dockerfile: join(elsewhere, "My.Dockerfile"), noCache: true };
        await build({ root: temporaryFolder({ "a.txt": "a" }), imageName: `${uniqueName()}:1`, options, operation });
        assert.deepEqual(
          outputOf(operation.events)
            .split("\n")
            .filter((line) => line.startsWith("./")),
          ["./a.txt"],
        );
      });

      it("builds though the ignore file keeps out the Dockerfile and itself [Z62]", async () => {
        const root = temporaryFolder({
          Dockerfile: "FROM busybox:1.35\nCOPY . /context\nRUN cd /context && find . | sort\n",
          ".dockerignore": "*\n!a.txt\n",
          "a.txt": "a",
          "b.txt": "b",
        });
        const operation = recordingOperation();
        await build({ root, imageName: `${uniqueName()}:1`, options: { builder, noCache: true }, operation });
        assert.deepEqual(
          outputOf(operation.events)
            .split("\n")
            .filter((line) => line.startsWith("./")),
          ["./a.txt"],
        );
      });

      it("pushes with credentials, and builds on a base image that wants them [Z88]", async () => {
        const core = coreOn(undefined, credentialsFor({ [authRegistry()]: login() }));
        const base = `${authRegistry()}/${uniqueName("base")}:1`;
        const first = await build({
          root: temporaryFolder(hello),
          imageName: base,
          registry: authRegistry(),
          options: { builder },
          core,
        });
        assert.equal(await registryDigest(base, login()), first.digest);

        const root = temporaryFolder({ Dockerfile: `FROM ${base}\nRUN echo again\n` });
        const imageName = `${authRegistry()}/${uniqueName()}:1`;
        const second = await build({
          root,
          imageName,
          registry: authRegistry(),
          options: { builder, pull: true },
          core,
        });
        assert.equal(await registryDigest(imageName, login()), second.digest);
      });

      it("tells of steps, output, cached steps and the image's id", async () => {
        const root = temporaryFolder(hello);
        const imageName = `${uniqueName()}:1`;
        await build({ root, imageName, options: { builder } });
        const operation = recordingOperation();
        const { imageId } = await build({ root, imageName, options: { builder }, operation });

        const finished = operation.events.flatMap((event) => (event.kind === "stepFinished" ? [event] : []));
        assert.ok(
          finished.some(({ step, cached }) => cached && /RUN cat greeting/.test(step.name)),
          "the second build is cached",
        );
        assert.ok(finished.every(({ error }) => error === undefined));
        const started = operation.events.flatMap((event) => (event.kind === "stepStarted" ? [event.step.number] : []));
        assert.deepEqual(
          [...new Set(started)].sort((a, b) => a - b),
          started.map((_, i) => i + 1),
          "numbers are 1, 2, 3, …",
        );
        assert.ok(operation.events.some((event) => event.kind === "imageBuilt" && event.imageId === imageId));
      });

      it("sees a changed file of the same size", async () => {
        const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY a /\nRUN cat /a\n", a: "" });
        const imageName = `${uniqueName()}:1`;
        const [one, two] = [uniqueName("one"), uniqueName("two")];
        for (const content of [one, two]) {
          writeFiles(root, { a: content });
          const operation = recordingOperation();
          await build({ root, imageName, options: { builder }, operation });
          assert.match(outputOf(operation.events), new RegExp(`^${content}`, "m"));
        }
      });
    });
  }
});
