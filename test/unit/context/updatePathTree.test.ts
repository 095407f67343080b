import assert from "node:assert/strict";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PathTree } from "../../../src/core/context/tree/pathTree";
import { readPathTree, updateNames, updatePathTree } from "../../../src/core/context/tree/readPathTree";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { seededRandom, withoutRoot } from "./support";

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1e9);

function listed(tree: PathTree): string[] {
  return [...tree.ids()].map((id) => `${tree.pathOf(id)} ${tree.kindOf(id)} ${tree.bytesOf(id)}`);
}

/** A folder that was read, then changed, of which some paths are told. */
async function updated(root: string, change: () => void, told: readonly string[]): Promise<PathTree> {
  const { tree } = await readPathTree(root);
  change();
  await updatePathTree(tree, root, told);
  return tree;
}

describe(`a tree of paths is brought up to date (TEST_SEED=${seed})`, () => {
  after(removeTemporaryFolders);

  const before = { "a/b/c.txt": "12345", "a/d.txt": "1", e: "12" };
  const changes: readonly {
    readonly truth: string;
    readonly change: (root: string) => void;
    readonly told: readonly string[];
  }[] = [
    {
      truth: "a file that is new, with the folders above it",
      change: (root) => writeFiles(root, { "x/y/z": "123" }),
      told: ["x/y/z"],
    },
    { truth: "a file that grew", change: (root) => writeFiles(root, { e: "1234567" }), told: ["e"] },
    { truth: "a file that is gone", change: (root) => rmSync(join(root, "a/d.txt")), told: ["a/d.txt"] },
    { truth: "a folder that is gone", change: (root) => rmSync(join(root, "a"), { recursive: true }), told: ["a"] },
    {
      truth: "a folder that is gone, told after what was in it",
      change: (root) => rmSync(join(root, "a"), { recursive: true }),
      told: ["a/b/c.txt", "a/b", "a"],
    },
    {
      truth: "a folder that came full",
      change: (root) => writeFiles(root, { "new/b/c": "1", "new/d": "22" }),
      told: ["new"],
    },
    {
      truth: "a folder that was renamed",
      change: (root) => renameSync(join(root, "a"), join(root, "f")),
      told: ["a", "f"],
    },
    {
      truth: "a file in the place of a folder",
      change: (root) => {
        rmSync(join(root, "a"), { recursive: true });
        writeFiles(root, { a: "now a file" });
      },
      told: ["a"],
    },
    {
      truth: "a folder in the place of a file",
      change: (root) => {
        rmSync(join(root, "e"));
        writeFiles(root, { "e/f": "1" });
      },
      told: ["e"],
    },
    {
      truth: "a folder in the place of another between two events",
      change: (root) => {
        rmSync(join(root, "a"), { recursive: true });
        writeFiles(root, { "a/b": "a file", "a/g/h": "1" });
      },
      told: ["a"],
    },
    {
      truth: "a link in the place of a folder, which is not followed",
      change: (root) => {
        rmSync(join(root, "a/b"), { recursive: true });
        symlinkSync("..", join(root, "a/b"));
      },
      told: ["a/b", "a/b/c.txt"],
    },
    { truth: "what came and went", change: () => undefined, told: ["ghost", "a/ghost/x", "e/below/a/file"] },
  ];
  for (const { truth, change, told } of changes) {
    it(`with ${truth}`, async () => {
      const root = temporaryFolder(before);
      const tree = await updated(root, () => change(root), told);
      assert.deepEqual(listed(tree), listed((await readPathTree(root)).tree));
    });
  }

  it("by its names, where nothing is told", async () => {
    const root = temporaryFolder(before);
    const { tree } = await readPathTree(root);
    rmSync(join(root, "a/b"), { recursive: true });
    writeFiles(root, { "a/b": "12", "new/file": "1", "a/new": "" });
    rmSync(join(root, "e"));
    await updateNames(tree, root);
    assert.deepEqual(listed(tree), listed((await readPathTree(root)).tree));
  });

  it("around a folder that may not be read", () =>
    withoutRoot(async () => {
      const root = temporaryFolder();
      writeFiles(root, { "closed/a": "1", open: "1" });
      const tree = await updated(root, () => {
        mkdirSync(join(root, "new/closed"), { recursive: true });
        chmodSync(join(root, "new/closed"), 0);
        writeFiles(root, { "new/open": "1" });
      }, ["new"]);
      assert.deepEqual(listed(tree), [
        "closed directory 1",
        "closed/a file 1",
        "new directory 1",
        "new/closed directory 0",
        "new/open file 1",
        "open file 1",
      ]);
    }));

  it("with what may no longer be read, and what may again", () =>
    withoutRoot(async () => {
      const root = temporaryFolder({ "a/x": "1", "b/y": "1" });
      const { tree } = await readPathTree(root);
      const faults = (): (string | undefined)[] => ["a", "b"].map((path) => tree.faultOf(tree.find(path) ?? 0));
      assert.deepEqual(faults(), [undefined, undefined]);
      chmodSync(join(root, "a"), 0);
      const { revision } = tree;
      await updatePathTree(tree, root, ["a"]);
      assert.deepEqual(faults(), ["permission denied", undefined]);
      assert.notEqual(tree.revision, revision);
      chmodSync(join(root, "a"), 0o755);
      await updatePathTree(tree, root, ["a"]);
      assert.deepEqual([faults(), tree.filesOf(0)], [[undefined, undefined], 2]);
    }));

  it("after any changes as if it were read again", async () => {
    const random = seededRandom(seed);
    const pick = <T>(from: readonly T[]): T =>
      from[Math.floor(random() * from.length)] ?? assert.fail("nothing to pick");
    const root = temporaryFolder({ "a/b/x": "1", "b/a": "22", "c/c/c/y": "333" });
    const { tree } = await readPathTree(root);
    for (let round = 0; round < 150; round++) {
      const told = Array.from({ length: 4 }, () => {
        const path = Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(["a", "b", "c", "d"])).join("/");
        // What stands in the way is told with the new path, as the system tells of it.
        const above = path.split("/").map((_, i, names) => names.slice(0, i + 1).join("/"));
        try {
          rmSync(join(root, path), { recursive: true, force: true });
          if (random() < 0.3) return above;
          mkdirSync(dirname(join(root, path)), { recursive: true });
        } catch {
          // A file is in the way.
          return above;
        }
        if (random() < 0.6) writeFileSync(join(root, path), "x".repeat(round));
        else if (random() < 0.5) symlinkSync("nowhere", join(root, path));
        else mkdirSync(join(root, path));
        return above;
      }).flat();
      await updatePathTree(tree, root, told);
      const anew = listed((await readPathTree(root)).tree);
      assert.deepEqual(listed(tree), anew, `round ${round}`);
      await updateNames(tree, root);
      assert.deepEqual(listed(tree), anew, `round ${round}, names`);
    }
  });
});
