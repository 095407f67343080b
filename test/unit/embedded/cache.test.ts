import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tarEnd, tarHeader, type TarEntry } from "../../../src/core/context/files/tarHeader";
import { DiskCache } from "../../../src/core/embedded/cache/diskCache";
import { LayerListings } from "../../../src/core/embedded/cache/layerListings";
import { openLeaf } from "../../../src/core/embedded/run/readContent";
import { applyLayer } from "../../../src/core/embedded/tree/applyLayer";
import { FileTree } from "../../../src/core/embedded/tree/fileTree";
import type { Node, TarSource } from "../../../src/core/embedded/tree/node";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

const { signal } = new AbortController();

function cacheIn(folder: string, maxBytes = 2 ** 20): { cache: DiskCache; logged: string[] } {
  const { log, logged } = recordingOperation();
  return { cache: new DiskCache({ folder, maxBytes, log }), logged };
}

describe("the cache of the embedded builder", () => {
  after(removeTemporaryFolders);

  it("returns what was stored, by kind and key", async () => {
    const { cache } = cacheIn(join(temporaryFolder(), "new"));
    await cache.write("a", "../../k", Buffer.from("1"));
    await cache.write("b", "../../k", Buffer.from("2"));
    assert.equal((await cache.read("a", "../../k"))?.toString(), "1");
    assert.equal((await cache.read("b", "../../k"))?.toString(), "2");
    assert.equal(await cache.read("a", "other"), undefined);
    await cache.delete("a", "../../k");
    assert.equal(await cache.read("a", "../../k"), undefined);
  });

  it("deletes what was not used for the longest time", async () => {
    const folder = temporaryFolder();
    const { cache } = cacheIn(folder, 1_000);
    const sizeBytes = 240;
    for (const key of ["1", "2", "3", "4"]) await cache.write("k", key, Buffer.alloc(sizeBytes, key));
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1_000, 1_000);
    await cache.read("k", "2");
    await cache.write("k", "5", Buffer.alloc(sizeBytes));
    await cache.write("k", "6", Buffer.alloc(sizeBytes));
    await cache.write("k", "7", Buffer.alloc(sizeBytes));
    const kept = await Promise.all(["1", "2", "3", "4", "5", "6", "7"].map((key) => cache.read("k", key)));
    assert.deepEqual(
      kept.map((bytes) => bytes !== undefined),
      [false, true, false, false, true, true, true],
    );
    const used = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    assert.ok(used <= 1_000, `${used} bytes`);
  });

  it("keeps nothing that takes up most of it, and deletes what interrupted writers have left", async () => {
    const folder = temporaryFolder({ "k-1.x.unfinished": "old", "k-2.x.unfinished": "new" });
    utimesSync(join(folder, "k-1.x.unfinished"), 1_000, 1_000);
    const { cache } = cacheIn(folder, 1_000);
    await cache.write("k", "large", Buffer.alloc(251));
    assert.equal(await cache.read("k", "large"), undefined);
    await cache.write("k", "small", Buffer.alloc(1));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".unfinished")),
      ["k-2.x.unfinished"],
    );
  });

  it("is only for this user", async () => {
    const folder = join(temporaryFolder(), "new");
    await cacheIn(folder).cache.write("k", "1", Buffer.from("1"));
    const [name = ""] = readdirSync(folder);
    const modes = [folder, join(folder, name)].map((path) => statSync(path).mode & 0o077);
    assert.deepEqual(modes, [0, 0]);
  });

  it("logs a disk that fails, and counts as empty", async () => {
    const { cache, logged } = cacheIn(join(temporaryFolder({ file: "f" }), "file"));
    await cache.write("k", "1", Buffer.from("1"));
    assert.equal(await cache.read("k", "1"), undefined);
    assert.ok(
      logged.length > 0 && logged.every((line) => /^debug: Can't (?:write|read) the cache/.test(line)),
      logged.join(),
    );
  });
});

describe("layers of base images", () => {
  after(removeTemporaryFolders);

  const file = { kind: "file", mode: 0o644 } as const;
  const members: readonly (Omit<TarEntry, "sizeBytes"> & { readonly text?: string })[] = [
    { path: "etc", kind: "directory", mode: 0o755 },
    { ...file, path: "etc/passwd", text: "root:x:0:0::/root:/bin/sh\n".repeat(100), uid: 3, gid: 4 },
    { ...file, path: "etc/group", text: "" },
    { ...file, path: `${"long/".repeat(60)}passwd`, text: "p".repeat(512) },
    { ...file, path: "data", text: "d".repeat(5_000), mode: 0o4755 },
    { ...file, path: "hard", linkTarget: "data" },
    { path: "bin", kind: "symlink", mode: 0o777, linkTarget: "usr/bin" },
    { path: "null", kind: "character", mode: 0o666, device: { major: 1, minor: 3 } },
    { path: "pipe", kind: "fifo", mode: 0o600 },
    { ...file, path: "able", text: "x", xattrs: new Map([["security.capability", Buffer.from([1, 0, 255, 10])]]) },
    { ...file, path: "gone/.wh.file" },
    { ...file, path: "old/.wh..wh..opq" },
  ];
  const below = [
    { ...file, path: "gone/file" },
    { ...file, path: "old/one" },
  ];

  function sourceOf(entries: typeof members): { source: TarSource; opened: () => number } {
    let opened = 0;
    const parts = entries.map(({ text = "", ...entry }) => {
      const sizeBytes = Buffer.byteLength(text);
      const padding = Buffer.alloc((512 - (sizeBytes % 512)) % 512);
      return Buffer.concat([tarHeader({ ...entry, sizeBytes }, 5_000), Buffer.from(text), padding]);
    });
    const bytes = Buffer.concat([...parts, tarEnd]);
    async function* open(): AsyncGenerator<Buffer> {
      opened++;
      for (let at = 0; at < bytes.length; at += 700) yield await Promise.resolve(bytes.subarray(at, at + 700));
    }
    return { source: { name: "a layer", open }, opened: () => opened };
  }

  async function treeBelow(): Promise<FileTree> {
    const tree = new FileTree();
    await applyLayer(tree, sourceOf(below).source, signal);
    return tree;
  }

  async function flat(tree: FileTree): Promise<string[]> {
    const seen = new Map<Node, string>();
    const describe = async (node: Node, path: string): Promise<string[]> => {
      const same = seen.get(node);
      seen.set(node, path);
      const { kind, mode, uid, gid, mtime, xattrs } = node;
      const more =
        node.kind === "directory"
          ? []
          : [node.target, node.device?.major, node.device?.minor, await bytesOf(node), same];
      const line = [path, kind, mode.toString(8), uid, gid, mtime, [...(xattrs ?? [])].join(), ...more].join(" ");
      if (node.kind !== "directory") return [line];
      const children = await Promise.all([...node.children].map(([name, child]) => describe(child, `${path}/${name}`)));
      return [line, ...children.flat()];
    };
    return describe(tree.root, "");
  }

  async function bytesOf(node: Exclude<Node, { kind: "directory" }>): Promise<string> {
    const chunks: Buffer[] = [];
    if (node.content) for await (const chunk of openLeaf(node, signal)) chunks.push(chunk);
    return Buffer.concat(chunks).toString("latin1");
  }

  it("are read once, and then give the same files without being read", async () => {
    const folder = temporaryFolder();
    const plain = await treeBelow();
    const diffId = await applyLayer(plain, sourceOf(members).source, signal);
    const expected = await flat(plain);
    for (const [round, times] of [
      ["first", 1],
      ["second", 0],
    ] as const) {
      const { source, opened } = sourceOf(members);
      const tree = await treeBelow();
      assert.equal(await new LayerListings(cacheIn(folder).cache).apply(tree, source, diffId, signal), diffId);
      assert.equal(opened(), times, round);
      assert.deepEqual(await flat(tree), expected, round);
    }
  });

  it("are read again where the cache is damaged", async () => {
    const folder = temporaryFolder();
    const diffId = await applyLayer(new FileTree(), sourceOf(members).source, signal);
    const apply = async (): Promise<number> => {
      const { source, opened } = sourceOf(members);
      const tree = await treeBelow();
      assert.equal(await new LayerListings(cacheIn(folder).cache).apply(tree, source, diffId, signal), diffId);
      assert.ok(tree.at("/hard"));
      return opened();
    };
    await apply();
    const [name = ""] = readdirSync(folder);
    const whole = readFileSync(join(folder, name));
    const changed = Buffer.from(whole);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    for (const damaged of [whole.subarray(0, whole.length / 2), Buffer.alloc(0), Buffer.from("no gzip"), changed]) {
      writeFileSync(join(folder, name), damaged);
      assert.equal(await apply(), 1);
      assert.equal(await apply(), 0);
    }
  });

  it("are not kept under a digest that they don't have", async () => {
    const folder = temporaryFolder();
    const { cache } = cacheIn(folder);
    const wrong = `sha256:${"0".repeat(64)}`;
    const found = await new LayerListings(cache).apply(new FileTree(), sourceOf(members).source, wrong, signal);
    assert.notEqual(found, wrong);
    assert.deepEqual(readdirSync(folder), []);
  });
});
