import assert from "node:assert/strict";
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { OverlaidFile } from "../../../src/core/context/files/extraFiles";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { archiveOf, entriesOf, membersOf } from "./support";

const allBytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

describe("an extra file", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("comes from a path or from content, byte by byte, with mode 0644 and time 0 [Z65][Z70]", async () => {
    const source = temporaryFolder({ script: allBytes });
    chmodSync(join(source, "script"), 0o700);
    const context = new BuildContext();
    context.addFile(join(source, "script"), "from/string");
    context.addFile({ path: join(source, "script") }, "from/path");
    context.addFile({ content: allBytes }, "from/bytes");
    context.addFile({ content: "grüße" }, "from/text");
    const members = await membersOf(await archiveOf(context, { gzip: false, mtime: "keep" }));
    assert.deepEqual(
      members.map(({ name }) => name),
      ["from/string", "from/path", "from/bytes", "from/text"],
    );
    for (const { name, mode, uid, gid, mtime, content } of members) {
      assert.deepEqual([mode, uid, gid, mtime?.getTime()], [0o644, 0, 0, 0]);
      assert.deepEqual(Buffer.from(content, "latin1"), name === "from/text" ? Buffer.from("grüße") : allBytes);
    }
  });

  it("of a path that does not exist is refused and never taken for content [Z65]", () => {
    const folder = temporaryFolder();
    for (const source of ["no such file", { path: join(folder, "nope") }, folder]) {
      const path = typeof source === "string" ? source : source.path;
      assert.throws(
        () => new BuildContext().addFile(source, "x"),
        (error) => ImageBuilderError.is(error, "contextUnreadable") && error.message.includes(path),
      );
    }
  });

  it("has its destination cleaned, and absolute ones or ones outside are refused", () => {
    const context = new BuildContext();
    context.addFile({ content: "1" }, "./x");
    context.addFile({ content: "2" }, "a//b/./c/../d");
    assert.deepEqual([...context.getExtraFiles().keys()], ["x", "a/b/d"]);
    for (const destination of ["/x", "..", "../x", "a/../../x", "", ".", "a\0b"]) {
      assert.throws(
        () => context.addFile({ content: "" }, destination),
        (error) => ImageBuilderError.is(error, "optionInvalid"),
        destination,
      );
    }
  });

  it("added again replaces the first and keeps its place", async () => {
    const context = new BuildContext();
    context.addFile({ content: "old" }, "a");
    context.addFile({ content: "b" }, "b");
    context.addFile({ content: "new" }, "./a");
    assert.deepEqual(
      (await membersOf(await archiveOf(context, { gzip: false }))).map(({ name, content }) => [name, content]),
      [
        ["a", "new"],
        ["b", "b"],
      ],
    );
  });

  it("cannot be a folder and a file at once", () => {
    const context = new BuildContext();
    context.addFile({ content: "" }, "a/b");
    for (const destination of ["a", "a/b/c"])
      assert.throws(
        () => context.addFile({ content: "" }, destination),
        (error) => ImageBuilderError.is(error, "optionInvalid"),
      );
  });

  it("is listed in a copy [Z67]", () => {
    const context = new BuildContext();
    context.addFile({ content: "x" }, "a");
    context.getExtraFiles().clear();
    assert.deepEqual(context.getExtraFiles(), new Map([["a", { content: Buffer.from("x") }]]));
  });

  it("takes the place of what the folder has there, whatever it is [Z68]", async () => {
    const root = temporaryFolder({
      file: "old",
      "folder/x": "",
      "folder/y/z": "",
      parent: "a file",
      "folder.txt": "",
      z: "",
    });
    symlinkSync("folder", join(root, "link"));
    const context = new BuildContext({ root });
    for (const destination of ["file", "folder", "parent/below", "link/below"])
      context.addFile({ content: "new" }, destination);

    const tree = await entriesOf(context, "tree");
    assert.deepEqual(
      tree.map(({ path, kind }) => `${kind} ${path}`),
      [
        "file file",
        "file folder",
        "file folder.txt",
        "directory link",
        "file link/below",
        "directory parent",
        "file parent/below",
        "file z",
      ],
    );
    assert.equal(tree.find(({ path }) => path === "parent")?.mode, 0o755);
    const path = await entriesOf(context, "path");
    assert.deepEqual(
      path.map((entry) => entry.path),
      ["folder.txt", "z", "file", "folder", "parent/below", "link/below"],
    );
  });

  it("stands in tree order where its path belongs, in folders that are there or are made [Z69]", async () => {
    const root = temporaryFolder({ "a/m": "", "a.txt": "", b: "" });
    chmodSync(join(root, "a"), 0o700);
    const context = new BuildContext({ root });
    for (const destination of ["a/z", "a/b/c", "0", "zz", "a!"]) context.addFile({ content: "" }, destination);
    const entries = await entriesOf(context, "tree");
    assert.deepEqual(
      entries.map((entry) => entry.path),
      ["0", "a", "a/b", "a/b/c", "a/m", "a/z", "a!", "a.txt", "b", "zz"],
    );
    assert.equal(entries[1]?.mode, 0o700);
  });

  it("is sent although the ignore file keeps its path out, and is not among the context's own files", async () => {
    const root = temporaryFolder({ ".dockerignore": "*", a: "old" });
    const context = new BuildContext({ root });
    context.addFile({ content: "new" }, "a");
    assert.deepEqual(
      (await entriesOf(context, "tree")).map(({ path }) => path),
      ["a"],
    );
    assert.deepEqual(await context.getFiles(), new Map());
  });

  it("changes its time with its content, by which BuildKit tells files apart", async () => {
    const times = await Promise.all(
      ["one", "two"].map(async (content) => {
        const context = new BuildContext();
        context.addFile({ content }, "a");
        return (await entriesOf(context, "tree"))[0]?.mtimeMs;
      }),
    );
    assert.notEqual(times[0], times[1]);
  });
});

describe("an added folder", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("brings every file below it, binary ones too, and links as links [Z66]", async () => {
    const source = temporaryFolder({ a: allBytes, "d/e/f": "f", ".dockerignore": "*" });
    symlinkSync("a", join(source, "link"));
    symlinkSync("d", join(source, "folder-link"));
    for (const [destination, prefix] of [
      ["to/here", "to/here/"],
      [".", ""],
    ] as const) {
      const context = new BuildContext();
      context.addDirectory(source, destination);
      const members = await membersOf(await archiveOf(context, { gzip: false }));
      assert.deepEqual(
        Object.fromEntries(
          members.map(({ name, linkname, content }) => [
            name,
            linkname || Buffer.from(content, "latin1").toString("hex"),
          ]),
        ),
        {
          [`${prefix}.dockerignore`]: "2a",
          [`${prefix}a`]: allBytes.toString("hex"),
          [`${prefix}d/e/f`]: "66",
          [`${prefix}folder-link`]: "d",
          [`${prefix}link`]: "a",
        },
      );
    }
  });

  it("must be a folder [Z66]", () => {
    const source = temporaryFolder({ a: "" });
    for (const path of [join(source, "a"), join(source, "nope")]) {
      assert.throws(
        () => new BuildContext().addDirectory(path, "x"),
        (error) =>
          ImageBuilderError.is(error, "contextUnreadable") &&
          /does not exist or is not a directory/.test(error.message),
      );
    }
  });
});

describe("an archive's overlay", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("is over extra files and the folder's, in that archive only", async () => {
    const root = temporaryFolder({ a: "folder", b: "folder" });
    const context = new BuildContext({ root });
    context.addFile({ content: "extra" }, "b");
    const contents = async (overlay?: Map<string, OverlaidFile>): Promise<unknown> =>
      Object.fromEntries(
        (await membersOf(await archiveOf(context, { gzip: false, overlay }))).map(({ name, content }) => [
          name,
          content,
        ]),
      );
    const overlay = new Map([
      ["a", { content: Buffer.from("over") }],
      ["b", { content: Buffer.from("over") }],
      [".dockerignore", { content: allBytes.subarray(0, 3) }],
    ]);
    assert.deepEqual(await contents(overlay), { a: "over", b: "over", ".dockerignore": "\0\u0001\u0002" });
    assert.deepEqual(await contents(), { a: "folder", b: "extra" });
    assert.equal(readFileSync(join(root, "a"), "utf8"), "folder");
  });

  it("has the mode and the time that it is given, which count where times do", async () => {
    const overlay = new Map([
      ["a", { content: Buffer.from(""), mode: 0o755, mtimeMs: 1_000_000_000_000 }],
      ["b", { content: Buffer.from("") }],
    ]);
    const headers = async (mtime: "keep" | "zero"): Promise<unknown> =>
      (
        await membersOf(await archiveOf(new BuildContext({ root: temporaryFolder() }), { gzip: false, mtime, overlay }))
      ).map((header) => [header.name, header.mode, header.mtime?.getTime()]);
    assert.deepEqual(await headers("keep"), [
      ["a", 0o755, 1_000_000_000_000],
      ["b", 0o644, 0],
    ]);
    assert.deepEqual(await headers("zero"), [
      ["a", 0o755, 0],
      ["b", 0o644, 0],
    ]);
  });

  it("does not change what an ignore file on disk keeps out", async () => {
    const root = temporaryFolder({ a: "" });
    writeFileSync(join(root, ".dockerignore"), "a");
    const members = await membersOf(
      await archiveOf(new BuildContext({ root }), {
        gzip: false,
        overlay: new Map([[".dockerignore", { content: Buffer.from("") }]]),
      }),
    );
    assert.deepEqual(
      members.map(({ name }) => name),
      [".dockerignore"],
    );
  });
});
