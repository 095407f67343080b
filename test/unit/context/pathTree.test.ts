import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseIgnoreFile } from "../../../src/core/context/dockerignore/parseIgnoreFile";
import { Evaluator, evaluate } from "../../../src/core/context/evaluation/evaluator";
import { PathTree } from "../../../src/core/context/tree/pathTree";
import { pathTreeOf, readPathTree } from "../../../src/core/context/tree/readPathTree";
import { compareTree } from "../../../src/core/context/files/pathOrder";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { seededRandom, withoutRoot } from "./support";

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1e9);

describe(`a tree of paths (TEST_SEED=${seed})`, () => {
  it("holds what was added and not removed, in tree order, with the sums of each directory", () => {
    const random = seededRandom(seed);
    const tree = new PathTree();
    let expected = new Map<string, number>();
    for (let round = 0; round < 3000; round++) {
      const path = randomPath(random);
      if (random() < 0.7) {
        tree.add(path, "file", round);
        expected = new Map(
          [...expected].filter(([other]) => !path.startsWith(`${other}/`) && !other.startsWith(`${path}/`)),
        );
        expected.set(path, round);
      } else {
        const there = [...expected.keys()].filter((other) => other === path || other.startsWith(`${path}/`));
        // A directory may be there without a file.
        const wasThere = tree.remove(path);
        assert.ok(wasThere || there.length === 0, path);
        for (const other of there) expected.delete(other);
      }
    }
    const files = [...tree.ids()].filter((id) => !tree.isDirectory(id));
    assert.deepEqual(
      files.map((id) => [tree.pathOf(id), tree.bytesOf(id)]),
      [...expected].sort(([a], [b]) => compareTree(a, b)),
    );
    for (const id of [tree.root, ...tree.ids()]) {
      const below = files.filter(
        (file) => id === tree.root || `${tree.pathOf(file)}/`.startsWith(`${tree.pathOf(id)}/`),
      );
      assert.equal(tree.filesOf(id), below.length, tree.pathOf(id));
      assert.equal(
        tree.bytesOf(id),
        below.reduce((sum, file) => sum + tree.bytesOf(file), 0),
      );
      assert.equal(tree.find(tree.pathOf(id)), id);
    }
    assert.equal(tree.size, [...tree.ids()].length);
    assert.ok(files.length > 50, `only ${files.length} files were left`);
  });

  it("evaluates after each change as if it were new", async () => {
    const random = seededRandom(seed);
    const tree = new PathTree();
    const evaluator = new Evaluator(tree);
    const { patterns } = parseIgnoreFile(Buffer.from("*\n!b\n!**/c*\nb/?*\n!b/d\n**/dd/**\n**/3.*\n"), "buildkit");
    for (let round = 0; round < 300; round++) {
      for (let i = 0; i < 5; i++) {
        if (random() < 0.6) tree.add(randomPath(random), random() < 0.9 ? "file" : "symlink", 1);
        else tree.remove(randomPath(random));
      }
      const kept = await evaluator.evaluate(patterns, { builder: "buildkit" });
      const anew = await evaluate(patterns, await copyOf(tree), { builder: "buildkit" });
      const sent = (evaluation: typeof kept): string[] =>
        [...evaluation.tree.ids()].filter((id) => evaluation.isSent(id)).map((id) => evaluation.tree.pathOf(id));
      assert.deepEqual(sent(kept), sent(anew));
      assert.deepEqual(kept.lines, anew.lines);
    }
  });

  it("grows from paths in any order", async () => {
    const paths = ["b/a", "a.txt", "a/b", "b", "😀", "ﬀ"].map((path) => ({
      path,
      kind: path === "b" ? ("directory" as const) : ("file" as const),
    }));
    const tree = await pathTreeOf(paths);
    assert.deepEqual(
      [...tree.ids()].map((id) => tree.pathOf(id)),
      ["a", "a/b", "a.txt", "b", "b/a", "ﬀ", "😀"],
    );
  });
});

describe("a folder is read", () => {
  after(removeTemporaryFolders);

  it("with kinds and sizes, whatever its ignore file says, without following links", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "a/b"), { recursive: true });
    writeFileSync(join(root, "a/b/c.txt"), "12345");
    writeFileSync(join(root, ".dockerignore"), "*");
    symlinkSync("a", join(root, "link"));
    const { tree, unreadable } = await readPathTree(root);
    const found = [...tree.ids()].map((id) => `${tree.pathOf(id)} ${tree.kindOf(id)} ${tree.bytesOf(id)}`);
    assert.deepEqual(found, [
      ".dockerignore file 1",
      "a directory 5",
      "a/b directory 5",
      "a/b/c.txt file 5",
      "link symlink 0",
    ]);
    assert.deepEqual(unreadable, []);
  });

  it("around a directory that may not be read", () =>
    withoutRoot(async () => {
      const root = temporaryFolder();
      mkdirSync(join(root, "closed"));
      writeFileSync(join(root, "open"), "1");
      chmodSync(join(root, "closed"), 0);
      const { tree, unreadable } = await readPathTree(root);
      assert.deepEqual(
        unreadable.map((id) => tree.pathOf(id)),
        ["closed"],
      );
      const [closed = 0] = unreadable;
      assert.equal(tree.faultOf(closed), "permission denied");
      assert.equal(tree.size, 2);
    }));

  it("unless it is not there", () => assert.rejects(readPathTree("/nowhere/at/all"), { code: "ENOENT" }));

  it("until the reader gives up", async () => {
    const root = temporaryFolder();
    for (let i = 0; i < 3000; i++) writeFileSync(join(root, `file-${i}`), "");
    const abort = new AbortController();
    const reading = readPathTree(root, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await assert.rejects(reading, { message: "enough" });
  });
});

function copyOf(tree: PathTree): Promise<PathTree> {
  return pathTreeOf(
    Array.from(tree.ids(), (id) => ({ path: tree.pathOf(id), kind: tree.kindOf(id), sizeBytes: tree.bytesOf(id) })),
  );
}

function randomPath(random: () => number): string {
  const names = ["a", "b", "c", "d", "dd", "cd", "b.x", "ä", "😀"];
  const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => names[Math.floor(random() * names.length)]);
  // Most files are not in the way of a directory.
  return parts.join("/") + (random() < 0.95 ? `/${Math.floor(random() * 9)}.txt` : "");
}
