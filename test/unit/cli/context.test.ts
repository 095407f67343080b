import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import type { ContextListing } from "../../../src/cli/context/listContext";
import { runCli, runCliJson } from "../../support/cli";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";

interface Case {
  readonly title: string;
  readonly dockerfile: string;
  readonly args?: readonly string[];
  readonly requested: readonly string[];
}

const everything = [
  ".env",
  "app/a.js",
  "app/b.md",
  "dist/linux/amd64/x",
  "dist/linux/arm64/x",
  "keys/id_rsa",
  "src/deep/c.ts",
  "src/c.ts",
];

const cases: readonly Case[] = [
  {
    title: "what COPY names",
    dockerfile: "FROM scratch\nCOPY app keys /x/\n",
    requested: ["app/a.js", "app/b.md", "keys/id_rsa"],
  },
  { title: "all of it", dockerfile: "FROM scratch\nCOPY . /x/\n", requested: everything },
  { title: "nothing where nothing is copied", dockerfile: "FROM scratch\n", requested: [] },
  {
    title: "nothing of a stage that is not reached",
    dockerfile: "FROM scratch AS a\nCOPY keys /\nFROM scratch\nCOPY app /\n",
    requested: ["app/a.js", "app/b.md"],
  },
  {
    title: "a stage by --target",
    dockerfile: "FROM scratch AS a\nCOPY keys /\nFROM scratch\nCOPY app /\n",
    args: ["--target", "A"],
    requested: ["keys/id_rsa"],
  },
  {
    title: "a stage by its number",
    dockerfile: "FROM scratch\nCOPY keys /\nFROM scratch\nCOPY app /\n",
    args: ["--target=0"],
    requested: ["keys/id_rsa"],
  },
  {
    title: "a stage that only a variable names, if the platform is known",
    dockerfile:
      "FROM scratch AS base-amd64\nCOPY keys /\nFROM scratch AS base-arm64\nCOPY src /\n" +
      "FROM base-${TARGETARCH}\nCOPY app /\n",
    args: ["--platform", "linux/arm64"],
    requested: ["app/a.js", "app/b.md", "src/deep/c.ts", "src/c.ts"],
  },
  {
    title: "every stage before a variable that is not known",
    dockerfile: "FROM scratch AS base-amd64\nCOPY keys /\nFROM base-${TARGETARCH}\nCOPY app /\n",
    requested: ["app/a.js", "app/b.md", "keys/id_rsa"],
  },
  {
    title: "the platform's own path",
    dockerfile: "FROM scratch\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/x /\n",
    args: ["--platform", "linux/arm64"],
    requested: ["dist/linux/arm64/x"],
  },
  {
    title: "what is below the known part of a path",
    dockerfile: "FROM scratch\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/x /\n",
    requested: ["dist/linux/amd64/x", "dist/linux/arm64/x"],
  },
  {
    title: "what a build argument names",
    dockerfile: "ARG F\nFROM scratch\nARG F=app\nCOPY $F /\n",
    args: ["--build-arg", "F=keys"],
    requested: ["keys/id_rsa"],
  },
  {
    title: "what ENV says over ARG",
    dockerfile: "FROM scratch\nENV F=app\nARG F=keys\nCOPY $F /\n",
    requested: ["keys/id_rsa"],
  },
  {
    title: "the files that a wildcard matches",
    dockerfile: "FROM scratch\nCOPY app/*.js /\n",
    requested: ["app/a.js"],
  },
  { title: "a wildcard among folders", dockerfile: "FROM scratch\nCOPY */id_* /\n", requested: ["keys/id_rsa"] },
  { title: "a wildcard at the top", dockerfile: "FROM scratch\nCOPY .e* /\n", requested: [".env"] },
  {
    title: "bind mounts in any case",
    dockerfile: "FROM busybox\nRUN --mount=type=BIND,source=keys,target=/k true\n",
    requested: ["keys/id_rsa"],
  },
  {
    title: "no stage, no here-document, no address",
    dockerfile:
      "FROM scratch AS a\nFROM scratch\nCOPY --from=a /app /\nCOPY <<EOF /x\nCOPY keys /\nEOF\n" +
      "ADD https://example.com/src /\n",
    requested: [],
  },
  {
    title: "what ONBUILD copies",
    dockerfile: "FROM scratch AS a\nONBUILD COPY keys /\nFROM a\n",
    requested: ["keys/id_rsa"],
  },
  {
    title: "everything for another syntax",
    dockerfile: "# syntax=example.com/own\nFROM scratch\n",
    requested: everything,
  },
];

describe("the command context", () => {
  let root: string;
  before(() => {
    root = temporaryFolder(Object.fromEntries([...everything, "node_modules/m.js"].map((path) => [path, "12345"])));
    writeFiles(root, { ".dockerignore": "node_modules\n*Dockerfile*\n.dockerignore\n" });
  });
  after(removeTemporaryFolders);

  for (const { title, dockerfile, args = [], requested } of cases) {
    it(`marks as requested ${title}`, async () => {
      writeFiles(root, { Dockerfile: dockerfile });
      const { result, code } = await runCliJson<ContextListing>(["context", root, ...args]);
      assert.equal(code, 0);
      assert.deepEqual(
        result.files.map(({ path }) => path),
        [...everything].sort(),
      );
      assert.ok(result.files.every(({ sizeBytes }) => sizeBytes === 5));
      assert.deepEqual(
        result.files.flatMap(({ path, requested: isRequested }) => (isRequested ? [path] : [])),
        [...requested].sort(),
      );
    });
  }

  it("tells the secrets of the stages that are reached, with their lines", async () => {
    const lines = [
      "FROM busybox AS unused",
      "RUN --mount=type=secret,id=unused true",
      "FROM busybox",
      "RUN --mount=type=secret,src=tok,target=/t,required=true \\",
      "  --mount=type=SECRET,id=two true",
      `RUN --mount='"type=secret","id=three","required"' true`,
      "RUN --mount=type=secret,id=four,env=FOUR --mount=type=ssh true",
      "RUN --mount=type=secret,target=/run/secrets/five true",
    ];
    writeFiles(root, { Dockerfile: lines.join("\r\n") });
    const { result } = await runCliJson<ContextListing>(["context", root]);
    assert.deepEqual(result.secrets, [
      { id: "tok", required: true, line: 4 },
      { id: "two", required: false, line: 5 },
      { id: "three", required: true, line: 6 },
      { id: "four", required: false, line: 7 },
      { id: "five", required: false, line: 8 },
    ]);
  });

  it("takes the Dockerfile from the current folder, the context and elsewhere, with its own ignore file", async () => {
    const elsewhere = temporaryFolder({
      "Docker file.é": "FROM scratch\nCOPY src /\n",
      "Docker file.é.dockerignore": "*\n!src\nsrc/deep\n",
    });
    writeFiles(root, { Dockerfile: "FROM scratch\n", "sub.Dockerfile": "FROM scratch\nCOPY app/a.js /\n" });
    const paths = async (args: readonly string[], cwd: string): Promise<string[]> =>
      (await runCliJson<ContextListing>(["context", root, ...args], { cwd })).result.files.flatMap(
        ({ path, requested }) => (requested ? [path] : []),
      );
    assert.deepEqual(await paths(["-f", "Docker file.é"], elsewhere), ["src/c.ts"]);
    assert.deepEqual(await paths(["--dockerfile", join(elsewhere, "Docker file.é")], root), ["src/c.ts"]);
    assert.deepEqual(await paths(["-f=sub.Dockerfile"], elsewhere), ["app/a.js"]);
  });

  it("follows links within the context as docker does", async () => {
    const linked = temporaryFolder({
      "real/deep/a": "1",
      "real/b": "1",
      other: "1",
      Dockerfile: "FROM scratch\nCOPY link/deep to-* /x/\n",
    });
    symlinkSync("real", join(linked, "link"));
    symlinkSync("/other", join(linked, "to-other"));
    const { result } = await runCliJson<ContextListing>(["context", linked]);
    const requested = result.files.flatMap(({ path, requested: isRequested }) => (isRequested ? [path] : []));
    assert.deepEqual(requested, ["link", "other", "real/deep/a", "to-other"]);
    assert.deepEqual(
      result.files.find(({ path }) => path === "link"),
      { path: "link", sizeBytes: 0, requested: true },
    );
  });

  it("says for people what JSON says, without the characters that control a terminal", async () => {
    const hostile = temporaryFolder({
      "a\u001b[31mb": "12",
      Dockerfile: "FROM scratch\nCOPY a* /\nRUN --mount=type=secret,id=tok true\n",
    });
    const { stdout, stderr } = await runCli(["context", hostile]);
    assert.match(stdout, /^ +2 B {2}requested {2}a\ufffd\[31mb$/m);
    assert.match(stdout, /^2 files \(\d+ B\) in the build context\. A build requests 1 file \(2 B\)\.$/m);
    assert.match(stdout, /^Secrets:\n {2}tok, line 3$/m);
    assert.ok(!/[\u0000-\u0009\u000b-\u001f]/.test(stdout));
    assert.equal(stderr, "");
    const { result } = await runCliJson<ContextListing>(["context", hostile]);
    assert.equal(result.files[1]?.path, "a\u001b[31mb");
  });

  it("names what is wrong with a folder, a Dockerfile, a target and an ignore file, with code and place", async () => {
    const folder = temporaryFolder({
      "bad/Dockerfile": "FROM scratch\n",
      "bad/.dockerignore": "a\n[\n",
      file: "",
      "none/x": "",
      "good/Dockerfile": "FROM scratch AS one\nFROM scratch AS two\n",
    });
    const failure = async (args: readonly string[]) => {
      const { result, code, stderr } = await runCliJson<{
        error: { code: string; message: string; file?: string; line?: number };
      }>(["context", ...args], { cwd: folder });
      assert.equal(code, 1);
      assert.ok(stderr.includes(result.error.message), stderr);
      return result.error;
    };
    assert.equal((await failure(["missing"])).code, "contextUnreadable");
    assert.equal((await failure(["file"])).code, "contextUnreadable");
    assert.equal((await failure(["none"])).code, "dockerfileMissing");
    assert.equal((await failure(["good", "-f", "nope"])).code, "dockerfileMissing");
    const { code, message } = await failure(["good", "--target", "three"]);
    assert.deepEqual(
      [code, message],
      ["optionInvalid", 'Dockerfile has no stage "three": choose one of "one", "two".'],
    );
    const ignore = await failure(["bad"]);
    assert.deepEqual(
      [ignore.code, ignore.file, ignore.line],
      ["dockerignoreInvalid", join(folder, "bad/.dockerignore"), 2],
    );
  });

  it("lists a folder whose Dockerfile has 0 bytes, and warns that a build fails", async () => {
    const folder = temporaryFolder({ Dockerfile: "", a: "1" });
    const { result, code, stderr } = await runCliJson<ContextListing>(["context", folder]);
    assert.deepEqual([code, result.files.length, result.files.some(({ requested }) => requested)], [0, 2, false]);
    assert.match(stderr, /^warning: Dockerfile has no FROM instruction, so building it fails\.$/m);
  });
});
