import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tarEnd, tarHeader } from "../../../src/core/context/files/tarHeader";
import { addArchive, archiveIn } from "../../../src/core/embedded/copy/addArchive";
import { layerTar } from "../../../src/core/embedded/output/layerTar";
import { takeLayer } from "../../../src/core/embedded/run/layerEntries";
import { openLeaf } from "../../../src/core/embedded/run/readContent";
import { readTar } from "../../../src/core/embedded/tar/readTar";
import { TarError } from "../../../src/core/embedded/tar/tarHeaders";
import { applyLayer } from "../../../src/core/embedded/tree/applyLayer";
import { FileTree } from "../../../src/core/embedded/tree/fileTree";
import type { Leaf, TarSource } from "../../../src/core/embedded/tree/node";
import { TreeError } from "../../../src/core/embedded/tree/treeError";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { listTree, treeOf } from "./trees";

const { signal } = new AbortController();

interface Member {
  readonly path: string;
  readonly kind?: "file" | "directory" | "symlink";
  readonly content?: string;
  readonly target?: string;
  /** Of another member, which it is a further name of. */
  readonly hard?: string;
}

function tarOf(...members: readonly Member[]): Buffer {
  const parts = members.map(({ path, kind = "file", content = "", target, hard }) => {
    const bytes = Buffer.from(content);
    const linkTarget = target ?? hard;
    const header = tarHeader({ path, kind, mode: 0o640, sizeBytes: bytes.length, linkTarget, uid: 1, gid: 2 }, 5_000);
    return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  });
  return Buffer.concat([...parts, tarEnd]);
}

/** In chunks that end anywhere. */
async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
    await Promise.resolve();
  }
}

const sourceOf = (bytes: Buffer): TarSource => ({ name: "a tar", open: () => chunked(bytes, 700) });

async function layered(...layers: readonly Buffer[]): Promise<FileTree> {
  const tree = new FileTree();
  for (const layer of layers) await applyLayer(tree, sourceOf(layer), signal);
  return tree;
}

async function textOf(leaf: Leaf): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of openLeaf(leaf, signal)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("a tar", () => {
  after(removeTemporaryFolders);

  for (const format of ["ustar", "gnu", "posix", "v7"])
    it(`is read as the program tar writes it: ${format}`, async () => {
      const root = temporaryFolder({ "a/b.txt": "b", "a/ü": "u", empty: "" });
      const long = format === "gnu" || format === "posix" ? "n".repeat(120) : "n".repeat(60);
      mkdirSync(join(root, long));
      writeFileSync(join(root, long, "long"), "x".repeat(2_000));
      symlinkSync("b.txt", join(root, "a/link"));
      linkSync(join(root, "a/b.txt"), join(root, "a/hard"));
      const names = ["a", "empty", long];
      const bytes = execFileSync("tar", ["-C", root, `--format=${format}`, "--sort=name", "-cf", "-", ...names]);
      const found: string[] = [];
      for await (const { header, read } of readTar(chunked(bytes, 333)))
        found.push(
          [header.kind, header.path.replace(/\/$/, ""), (await read()).length, header.target].join(" ").trim(),
        );
      assert.deepEqual(found, [
        "directory a 0",
        "file a/b.txt 1",
        "link a/hard 0 a/b.txt",
        "symlink a/link 0 b.txt",
        "file a/ü 1",
        "file empty 0",
        `directory ${long} 0`,
        `file ${long}/long 2000`,
      ]);
    });

  it("keeps attributes byte by byte, and ids beyond octal digits", async () => {
    const xattrs = new Map([["security.capability", Buffer.from([1, 0, 0xff, 10, 0x80])]]);
    const header = tarHeader(
      { path: "f", kind: "file", mode: 0o4755, sizeBytes: 0, uid: 3_000_000, gid: 7, xattrs },
      -1_500,
    );
    for await (const member of readTar(chunked(Buffer.concat([header, tarEnd]), 100))) {
      const { uid, gid, mode, mtime } = member.header;
      assert.deepEqual([uid, gid, mode, mtime], [3_000_000, 7, 0o4755, -2]);
      assert.deepEqual(member.header.xattrs, xattrs);
    }
  });

  it("is refused with a path that no system opens", async () => {
    const bytes = tarOf({ path: `${"a/".repeat(3_000)}b` });
    await assert.rejects(readTar(chunked(bytes, 512)).next(), TarError);
  });

  const whole = tarOf({ path: "a", content: "a".repeat(600) });
  const damaged: readonly (readonly [name: string, bytes: Buffer])[] = [
    ["cut in a header", whole.subarray(0, 300)],
    ["cut in a file", whole.subarray(0, 800)],
    ["with a wrong checksum", Buffer.concat([Buffer.from("b"), whole.subarray(1)])],
    ["of noise", createHash("sha512").update("x").digest().subarray(0, 64)],
  ];
  for (const [name, bytes] of damaged)
    it(`is refused ${name}`, async () => {
      await assert.rejects(async () => {
        for await (const { read } of readTar(chunked(bytes, 64))) await read();
      }, TarError);
    });
});

describe("the layers of an image", () => {
  it("hide files and folders of those below, and not their own", async () => {
    const tree = await layered(
      tarOf({ path: "a/one", content: "1" }, { path: "a/two", content: "2" }, { path: "b/three" }, { path: "c" }),
      tarOf({ path: "a/.wh.one" }, { path: "b/new" }, { path: "b/.wh..wh..opq" }, { path: ".wh.c" }, { path: "c/d" }),
    );
    assert.deepEqual(listTree(tree), ["/a", "/a/two", "/b", "/b/new", "/c", "/c/d"]);
  });

  it("put a folder in the place of a link", async () => {
    const tree = await layered(
      tarOf({ path: "usr/bin/sh" }, { path: "bin", kind: "symlink", target: "usr/bin" }),
      tarOf({ path: "bin/tool" }),
    );
    assert.deepEqual(listTree(tree), ["/bin", "/bin/tool", "/usr", "/usr/bin", "/usr/bin/sh"]);
  });

  it("link to files of their own and of those below", async () => {
    const tree = await layered(
      tarOf({ path: "one", content: "1" }, { path: "two", hard: "one" }),
      tarOf({ path: "three", hard: "one" }),
    );
    assert.equal(tree.at("/one"), tree.at("/two"));
    assert.equal(tree.at("/one"), tree.at("/three"));
    await assert.rejects(layered(tarOf({ path: "a", hard: "no" })), TreeError);
  });

  it("tell the digest of their tar, and keep lists of users", async () => {
    const bytes = tarOf({ path: "etc/passwd", content: "a" });
    const tree = new FileTree();
    const diffId = await applyLayer(tree, sourceOf(bytes), signal);
    assert.equal(diffId, `sha256:${createHash("sha256").update(bytes).digest("hex")}`);
    const passwd = tree.at("/etc/passwd") as Leaf;
    assert.equal(passwd.content?.kind, "bytes");
    assert.equal(await textOf(passwd), "a");
  });

  it("have files that are read out of them later", async () => {
    const tree = await layered(tarOf({ path: "a", content: "first" }, { path: "b", content: "second" }));
    assert.equal(await textOf(tree.at("/b") as Leaf), "second");
  });

  it("never lead out of the image", async () => {
    const tree = await layered(tarOf({ path: "../../x" }, { path: "/abs/./y" }));
    assert.deepEqual(listTree(tree), ["/abs", "/abs/y", "/x"]);
  });
});

describe("an archive that ADD unpacks", () => {
  const leafOf = (bytes: Buffer): Leaf => ({
    kind: "file",
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 1,
    sizeBytes: bytes.length,
    content: { kind: "bytes", bytes },
  });
  const tar = tarOf({ path: "etc/x", content: "x" });
  const kinds: readonly (readonly [name: string, bytes: Buffer, isArchive: boolean])[] = [
    ["a tar", tar, true],
    ["a packed tar", gzipSync(tar), true],
    ["a tar without members", tarEnd, false],
    ["a text", Buffer.from("text"), false],
    ["an empty file", Buffer.alloc(0), false],
    ["a packed text", gzipSync("text"), false],
    ["the beginning of a packed tar", gzipSync(tar).subarray(0, 12), false],
    ["noise with gzip's mark", Buffer.from([0x1f, 0x8b, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), false],
  ];
  for (const [name, bytes, isArchive] of kinds)
    it(`is told from other files: ${name}`, async () => {
      assert.equal((await archiveIn(leafOf(bytes), "f", openLeaf, signal)) !== undefined, isArchive);
    });

  for (const mark of [
    [0x42, 0x5a, 0x68],
    [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    [0x28, 0xb5, 0x2f, 0xfd],
  ])
    it(`is left to BuildKit when it begins with ${Buffer.from(mark).toString("hex")}`, async () => {
      await assert.rejects(archiveIn(leafOf(Buffer.from([...mark, 1, 2, 3])), "f", openLeaf, signal), TreeError);
    });

  it("replaces what is in its way and merges folders", async () => {
    const tree = treeOf({ "d/etc/keep": "k", "d/etc/x/old": "o", "d/lib": { link: "etc" }, "d/f": "f" });
    const members = tarOf(
      { path: "etc/x", content: "new" },
      { path: "lib/y" },
      { path: "f", kind: "directory" },
      { path: "h", hard: "etc/x" },
    );
    await addArchive(tree, sourceOf(members), "/d", undefined, signal);
    assert.deepEqual(listTree(tree), ["/d", "/d/etc", "/d/etc/keep", "/d/etc/x", "/d/etc/y", "/d/f", "/d/h", "/d/lib"]);
    assert.deepEqual([tree.at("/d/etc/x")?.uid, tree.at("/d/etc/x")?.mode], [1, 0o640]);
    assert.equal(tree.at("/d/h"), tree.at("/d/etc/x"));
  });

  for (const member of [{ path: "../out" }, { path: "a", hard: "missing" }])
    it(`is refused with ${JSON.stringify(member)}`, async () => {
      await assert.rejects(addArchive(new FileTree(), sourceOf(tarOf(member)), "/d", undefined, signal), TreeError);
    });

  it("keeps links inside of the folder that it goes to", async () => {
    const tree = treeOf({ "etc/passwd": "p", "d/up": { link: "../../etc" } });
    await addArchive(tree, sourceOf(tarOf({ path: "up/x" })), "/d", undefined, signal);
    assert.deepEqual(listTree(tree), ["/d", "/d/etc", "/d/etc/x", "/d/up", "/etc", "/etc/passwd"]);
  });
});

describe("a new layer", () => {
  async function written(tree: FileTree): Promise<Buffer> {
    const { entries } = takeLayer(tree, undefined, 7);
    const chunks: Buffer[] = [];
    for await (const chunk of layerTar(entries, () => undefined, signal)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  it("has what was changed, with the folders above, and gives the same tree on the same base", async () => {
    const base = tarOf({ path: "a/one", content: "1" }, { path: "a/two", content: "2" }, { path: "b/three" });
    const tree = await layered(base);
    const before = listTree(tree);
    tree.remove("/a/one");
    const hard = treeOf({ f: "f" }).at("/f") as Leaf;
    tree.put("/b/new", hard);
    tree.put("/b/same", hard);
    const layer = await written(tree);
    const paths: string[] = [];
    for await (const { header } of readTar(chunked(layer, 512))) paths.push(`${header.kind} ${header.path}`);
    assert.deepEqual(paths, ["directory a/", "file a/.wh.one", "directory b/", "file b/new", "link b/same"]);
    const again = await layered(base, layer);
    assert.deepEqual(listTree(again), listTree(tree));
    assert.notDeepEqual(listTree(again), before);
    assert.equal(again.at("/b/new"), again.at("/b/same"));
  });

  it("hides what was in a folder that was replaced by a folder", async () => {
    const base = tarOf({ path: "d/old" });
    const tree = await layered(base);
    tree.remove("/d");
    tree.makeFolders("/d/n");
    const layer = await written(tree);
    assert.deepEqual(listTree(await layered(base, layer)), ["/d", "/d/n"]);
  });

  it("of nothing is an empty tar", async () => {
    assert.deepEqual(await written(new FileTree()), tarEnd);
  });

  it("gives what the build has made the time of its newest file", async () => {
    const tree = treeOf({});
    tree.makeFolders("/made");
    tree.put("/made/f", { ...(treeOf({ f: "f" }).at("/f") as Leaf), mtime: 40 });
    const { entries, newest } = takeLayer(tree, undefined, 7);
    assert.deepEqual([newest, entries.map(({ node }) => node?.mtime)], [40, [0, 40, 40]]);
    tree.makeFolders("/other");
    assert.equal(takeLayer(tree, 99, 7).entries.find(({ path }) => path === "/other")?.node?.mtime, 99);
  });

  it("is read by the program tar", async () => {
    const tree = treeOf({});
    tree.put("/f", treeOf({ f: "content" }).at("/f") as Leaf);
    const file = join(temporaryFolder(), "layer.tar");
    writeFileSync(file, await written(tree));
    assert.equal(execFileSync("tar", ["-xOf", file, "f"]).toString(), "content");
    assert.ok(readFileSync(file).length % 512 === 0);
  });
});
