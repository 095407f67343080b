import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPathTree } from "../../../../src/core/context/tree/readPathTree";
import { gitIgnoredPaths, type GitIgnoreFile } from "../../../../src/core/context/gitignore/gitIgnored";
import { removeTemporaryFolders, temporaryFolder } from "../../../support/folder";
import { seededRandom } from "../support";

/** What we say that Git ignores in a repository: files by the line that decides, as `git check-ignore -v` tells. */
async function ours(root: string, context = ""): Promise<Map<string, string>> {
  const { tree } = await readPathTree(join(root, context));
  const folders =
    context === "" ? [""] : ["", ...context.split("/").map((_, i, names) => names.slice(0, i + 1).join("/"))];
  const above: GitIgnoreFile[] = folders.flatMap((folder) => {
    const file = join(root, folder, ".gitignore");
    return existsSync(file) ? [{ name: join(folder, ".gitignore"), folder, text: readFileSync(file, "utf8") }] : [];
  });
  const read = (folder: string): Promise<string> =>
    Promise.resolve(readFileSync(join(root, context, folder, ".gitignore"), "utf8"));
  const found = new Map<string, string>();
  for (const { source, ids } of await gitIgnoredPaths(tree, { context, above, read })) {
    for (const top of ids) {
      for (const id of tree.isDirectory(top) ? tree.ids(top) : [top]) {
        if (!tree.isDirectory(id)) found.set(tree.pathOf(id), `${source.line}:${source.text}`);
      }
    }
  }
  return found;
}

/** The files that Git itself ignores. */
function gits(root: string): string[] {
  execFileSync("git", ["init", "-q"], { cwd: root });
  return execFileSync("git", ["ls-files", "-z", "--others", "--ignored", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\0")
    .filter(Boolean)
    .sort();
}

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1e9);

describe(`what Git ignores (TEST_SEED=${seed})`, () => {
  after(removeTemporaryFolders);

  it("is told with the line, nearer files before farther ones", async () => {
    const root = temporaryFolder({
      ".gitignore": "*.log\n/dist/\n# x\n!keep.log\n",
      "a.log": "",
      "keep.log": "",
      "dist/x": "",
      "web/dist/y": "",
      "web/.gitignore": "!*.log\nkeep.log\n",
      "web/b.log": "",
      "web/keep.log": "",
    });
    const found = await ours(root);
    assert.deepEqual([...found].sort(), [
      ["a.log", "1:*.log"],
      ["dist/x", "2:/dist/"],
      ["web/keep.log", "2:keep.log"],
    ]);
    assert.deepEqual(gits(root), [...found.keys()].sort());
  });

  it("counts what files above the context say", async () => {
    const root = temporaryFolder({
      ".gitignore": "*.tmp\n/services/api/out\n",
      "services/api/out/x": "",
      "services/api/a.tmp": "",
      "services/api/b": "",
    });
    assert.deepEqual([...(await ours(root, "services/api"))].sort(), [
      ["a.tmp", "1:*.tmp"],
      ["out/x", "2:/services/api/out"],
    ]);
  });

  it("agrees with Git on random repositories", async () => {
    const random = seededRandom(seed);
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
    const names = ["a", "b", "a.log", "build", "c d"];
    const lines = [
      "a",
      "b/",
      "*.log",
      "/build",
      "!a.log",
      "!b",
      "a/b",
      "**/build",
      "build/**",
      "/a/*",
      "!/a/b",
      "c\\ d",
      "?",
      "[ab]",
      "*",
      "!*/",
      "a/**/b",
      "# a",
      "c d ",
    ];
    for (let round = 0; round < 30; round++) {
      const files: Record<string, string> = {};
      for (let i = 0; i < 12; i++)
        files[
          Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(names)).join("/") +
            ".f".repeat(Number(random() < 0.5))
        ] = "";
      for (const path of Object.keys(files))
        if (Object.keys(files).some((other) => other.startsWith(`${path}/`))) delete files[path];
      const folders = [
        "",
        ...new Set(
          Object.keys(files)
            .filter((path) => path.includes("/"))
            .map((path) => path.slice(0, path.indexOf("/"))),
        ),
      ].slice(0, 3);
      for (const folder of folders)
        files[join(folder, ".gitignore")] =
          Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(lines)).join("\n") + "\n";
      const root = temporaryFolder(files);
      assert.deepEqual([...(await ours(root)).keys()].sort(), gits(root), `round ${round}: ${JSON.stringify(files)}`);
    }
  }).timeout(60_000);
});
