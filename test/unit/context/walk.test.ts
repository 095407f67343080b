import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { contextEntry } from "../../../src/core/context/files/contextEntries";
import { walk } from "../../../src/core/context/files/walk";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, entriesOf, membersOf, recordingLog, withoutRoot } from "./support";

const utf8Order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe("a context's entries", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);
  const names = [
    "a",
    "a.txt",
    "a/b",
    "a/b.c",
    "a/b/c",
    "a-/x",
    "a0",
    "B",
    "é/x",
    "\uffee",
    "😀/x",
    "😀",
    "z/y/x",
  ].filter((path, _, all) => !all.some((other) => other.startsWith(`${path}/`)));

  it("come depth first in tree order, siblings by bytes", async () => {
    const root = temporaryFolder(Object.fromEntries(names.map((name) => [name, ""])));
    const paths = (await entriesOf(new BuildContext({ root }), "tree")).map(({ path }) => path);
    assert.deepEqual(paths, [
      "B",
      "a",
      "a/b",
      "a/b/c",
      "a/b.c",
      "a-",
      "a-/x",
      "a.txt",
      "a0",
      "z",
      "z/y",
      "z/y/x",
      "é",
      "é/x",
      "\uffee",
      "😀",
      "😀/x",
    ]);
  });

  it("come by whole paths in path order", async () => {
    const root = temporaryFolder(Object.fromEntries(names.map((name) => [name, ""])));
    const paths = (await entriesOf(new BuildContext({ root }), "path")).map(({ path }) => path);
    assert.deepEqual(paths, [...paths].sort(utf8Order));
    assert.ok(paths.indexOf("a") < paths.indexOf("a.txt") && paths.indexOf("a.txt") < paths.indexOf("a/b"));
    assert.equal(paths.length, 17);
  });

  it("hold an excluded folder before what is let back in, with its own mode, and only then", async () => {
    const root = temporaryFolder({
      ".dockerignore": "*\n!a/b/keep\n!c/nothing",
      "a/b/keep": "",
      "a/b/drop": "",
      "a/z": "",
      "a.txt": "",
      "c/x": "",
    });
    chmodSync(join(root, "a"), 0o1710);
    for (const order of ["tree", "path"] as const) {
      const entries = await entriesOf(new BuildContext({ root }), order);
      assert.deepEqual(
        entries.map(({ path }) => path),
        ["a", "a/b", "a/b/keep"],
        order,
      );
      assert.equal(entries[0]?.mode, 0o1710);
    }
  });

  it("hold an included folder even when all in it is excluded, which getFiles shows as empty [Z56]", async () => {
    const root = temporaryFolder({ ".dockerignore": "d/*\n.dockerignore", "d/x": "", "e/f/g": "" });
    mkdirSync(join(root, "e/empty"));
    assert.deepEqual(
      [...(await new BuildContext({ root }).getFiles())],
      [
        ["d/", join(root, "d")],
        ["e/empty/", join(root, "e/empty")],
        ["e/f/g", join(root, "e/f/g")],
      ],
    );
  });

  it("are read through a root that is a link, and links below are not followed", async () => {
    const target = temporaryFolder({ "d/x": "" });
    symlinkSync("d", join(target, "l"));
    symlinkSync("/nowhere/at/all", join(target, "dangling"));
    const link = join(temporaryFolder(), "root");
    symlinkSync(target, link);
    const entries = await entriesOf(new BuildContext({ root: link }), "tree");
    assert.deepEqual(
      entries.map(({ path, kind, linkTarget }) => [path, kind, linkTarget]),
      [
        ["d", "directory", undefined],
        ["d/x", "file", undefined],
        ["dangling", "symlink", "/nowhere/at/all"],
        ["l", "symlink", "d"],
      ],
    );
  });

  it("leave out sockets and say so; pipes are members and are named [Z57]", async () => {
    const root = temporaryFolder({ a: "", "only/.keep": "" });
    rmSync(join(root, "only/.keep"));
    execFileSync("mkfifo", [join(root, "pipe")]);
    const server = createServer().listen(join(root, "only/socket"));
    await once(server, "listening");
    try {
      const log = recordingLog();
      const context = new BuildContext({ root, log });
      assert.deepEqual(
        (await entriesOf(context, "tree")).map(({ path, kind }) => `${path} ${kind}`),
        ["a file", "only directory", "pipe fifo"],
      );
      assert.deepEqual([...(await context.getFiles()).keys()], ["a", "only/", "pipe"]);
      assert.match(log.lines.join("\n"), /warn: The socket "only\/socket" is not included/);
      assert.match(log.lines.join("\n"), /warn: "pipe" is sent as a named pipe/);
      const members = await membersOf(await archiveOf(context, { gzip: false }));
      assert.deepEqual(
        members.map(({ name, type }) => `${name} ${type}`),
        ["a file", "only/ directory", "pipe fifo"],
      );
    } finally {
      server.close();
    }
  });

  it("need every folder to be readable that is not kept out", async () => {
    const root = temporaryFolder({ "a/secret/x": "", b: "" });
    chmodSync(join(root, "a/secret"), 0);
    const names = (error: unknown): boolean =>
      ImageBuilderError.is(error, "contextUnreadable") && error.message.includes(join(root, "a/secret"));
    await withoutRoot(async () => {
      await assert.rejects(new BuildContext({ root }).getFiles(), names);
      await assert.rejects(entriesOf(new BuildContext({ root }), "path"), names);
    });
    // The second list makes the builder look into the folder although it is excluded.
    for (const text of ["a/secret", "a/secret\n!*/nothing"]) {
      writeFileSync(join(root, ".dockerignore"), text);
      await withoutRoot(async () =>
        assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], [".dockerignore", "a/", "b"]),
      );
    }
    chmodSync(join(root, "a/secret"), 0o755);
  });

  it("need a root that is a folder", async () => {
    const file = join(temporaryFolder({ a: "" }), "a");
    for (const root of [file, join(file, "b"), `${file}-missing`]) {
      await assert.rejects(
        new BuildContext({ root }).getFiles(),
        (error) => ImageBuilderError.is(error, "contextUnreadable") && error.message.includes(root),
        root,
      );
    }
  });

  it("refuse a name that is not UTF-8 unless it is excluded, but not a name's own replacement character", async () => {
    const root = temporaryFolder({ "ok-\ufffd": "" });
    assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], ["ok-\ufffd"]);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]), "");
    await assert.rejects(
      new BuildContext({ root }).getFiles(),
      (error) =>
        ImageBuilderError.is(error, "contextUnreadable") &&
        error.message.includes("caf\\xe9") &&
        error.message.includes(root),
    );
    writeFileSync(join(root, ".dockerignore"), "caf?");
    assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], [".dockerignore", "ok-\ufffd"]);
  });

  it("refuse a link whose target is not UTF-8", async () => {
    const root = temporaryFolder();
    symlinkSync(Buffer.from([0x61, 0xe9]), join(root, "link"));
    await assert.rejects(
      entriesOf(new BuildContext({ root }), "tree"),
      (error) => ImageBuilderError.is(error, "contextUnreadable") && error.message.includes('"link"'),
    );
  });

  it("leave out what has vanished since it was found", () => {
    const root = temporaryFolder({ a: "" });
    for (const path of ["gone", "a/below"])
      assert.equal(contextEntry({ path, absolutePath: join(root, path), kind: "file" }), undefined);
  });

  it("are found however deep they lie", async () => {
    const root = temporaryFolder();
    const path = "d/".repeat(500) + "file";
    mkdirSync(join(root, "d/".repeat(500)), { recursive: true });
    writeFileSync(join(root, path), "");
    writeFileSync(join(root, ".dockerignore"), "**/d\n.dockerignore\n!**/file");
    assert.deepEqual([...(await new BuildContext({ root }).getFiles()).keys()], [path]);
    assert.equal((await entriesOf(new BuildContext({ root }), "path")).length, 501);
  });

  for (const order of ["tree", "path"] as const) {
    it(`come from a large flat folder in ${order} order with pauses before the first`, () => {
      const root = temporaryFolder();
      for (let i = 0; i < 5000; i++) writeFileSync(join(root, `file-${(i * 7919) % 5000}`), "");
      const found = walk(root, { order });
      let pauses = 0;
      let first = found.next().value;
      for (; first === undefined; first = found.next().value) pauses++;
      assert.ok(pauses > 5000 / 100, `${pauses} pauses`);
      const batches = [first, ...found];
      assert.ok(batches.every((batch) => (batch?.length ?? 0) <= 256));
      const paths = batches.flatMap((batch) => batch ?? []).map(({ path }) => path);
      assert.deepEqual(paths, [...paths].sort());
      assert.equal(paths.length, 5000);
    });
  }

  it("stop at an aborted signal", async () => {
    const root = temporaryFolder({ a: "" });
    const reason = new Error("cancelled");
    await assert.rejects(new BuildContext({ root }).entries({ signal: AbortSignal.abort(reason) }).next(), reason);
  });

  it("are none without a root [Z55]", async () => {
    const context = new BuildContext();
    assert.equal(context.root, undefined);
    assert.equal(context.dockerignoreFile, undefined);
    assert.deepEqual(await context.getFiles(), new Map());
    assert.deepEqual(await entriesOf(context, "tree"), []);
  });
});
