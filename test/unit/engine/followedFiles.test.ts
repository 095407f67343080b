import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { followedFiles } from "../../../src/core/session/followedFiles";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const files = ["a.txt", "b.md", "src/a.js", "src/b.ts", "src/deep/c.js", "real/x", "real/deep/y", "{odd}", "we[ird"];
/** As they are made: link, target. */
const links = {
  "to-real": "real",
  "src/up": "../real/deep",
  absolute: "/real/x",
  "loop-a": "loop-b",
  "loop-b": "loop-a",
  outside: "../../a.txt",
  broken: "none",
};
const all = [...files, ...Object.keys(links)].sort();

const cases: readonly (readonly [paths: readonly string[], followed: readonly string[]])[] = [
  [["src"], ["src/a.js", "src/b.ts", "src/deep/c.js", "src/up"]],
  [["src/a.js", "none"], ["src/a.js"]],
  [["src/*.js"], ["src/a.js"]],
  [
    ["*.txt", "b.??"],
    ["a.txt", "b.md"],
  ],
  [["real/*/y"], ["real/deep/y"]],
  [["{odd}"], ["{odd}"]],
  [["we\\[ird"], ["we[ird"]],
  [["to-real"], ["real/deep/y", "real/x", "to-real"]],
  [["to-real/deep"], ["real/deep/y", "to-real"]],
  [["src/up"], ["real/deep/y", "src/up"]],
  [["src/u*"], ["real/deep/y", "src/up"]],
  [["absolute"], ["absolute", "real/x"]],
  [["loop-a"], ["loop-a", "loop-b"]],
  [["outside"], ["a.txt", "outside"]],
  [["broken"], ["broken"]],
  // Where a wildcard matches links, docker sends all that it matches, and then where the links lead.
  [["to-*/x"], ["real/x", "to-real"]],
  [["src/*/c.js"], ["src/a.js", "src/b.ts", "src/deep/c.js", "src/up"]],
  [["*/*.js"], all],
  [[], all],
];

describe("the files that a list of follow paths means", () => {
  let root: string;
  before(() => {
    root = temporaryFolder(Object.fromEntries(files.map((file) => [file, ""])));
    for (const [link, target] of Object.entries(links)) symlinkSync(target, join(root, link));
  });
  after(removeTemporaryFolders);

  for (const [paths, followed] of cases) {
    it(`are ${followed.length === all.length ? "all" : followed.join(", ")} for ${paths.join(", ") || "none"}`, () => {
      assert.deepEqual(all.filter(followedFiles(paths, root)), [...followed].sort());
    });
  }

  it("are all for the root itself, without a root, and where a link leads to the root", () => {
    symlinkSync(".", join(root, "here"));
    for (const [paths, folder] of [
      [["."], root],
      [["src"], undefined],
      [["here"], root],
    ] as const) {
      assert.deepEqual(all.filter(followedFiles(paths, folder)), all);
    }
  });
});
