import assert from "node:assert/strict";
import { PathScope } from "../../../src/core/context/files/pathScope";

const paths = [
  "a",
  "a/b",
  "a/b/c",
  "a/bc",
  "a/z",
  "ab",
  "b",
  "dist",
  "dist/linux",
  "dist/linux/x",
  "dist/lin",
  "dist/mac",
];

const cases: readonly (readonly [
  truth: string,
  scope: PathScope,
  held: readonly string[],
  leading: readonly string[],
])[] = [
  ["nothing holds nothing", new PathScope([]), [], []],
  ["a path holds what is below it, not its namesakes", new PathScope(["a/b"]), ["a/b", "a/b/c"], ["a"]],
  ["two paths hold both", new PathScope(["b", "a/z"]), ["a/z", "b"], ["a"]],
  [
    "a path within another adds nothing",
    new PathScope(["a/b/c", "a"]),
    ["a", "a/b", "a/b/c", "a/bc", "a/z"],
    ["a", "a/b"],
  ],
  [
    "a beginning holds all that begins so",
    new PathScope([], ["dist/lin"]),
    ["dist/linux", "dist/linux/x", "dist/lin"],
    ["dist"],
  ],
  [
    "a beginning with a slash may be the folder itself",
    new PathScope([], ["dist/linux/"]),
    ["dist/linux", "dist/linux/x"],
    ["dist", "dist/linux"],
  ],
];

describe("a part of a folder:", () => {
  for (const [truth, scope, held, leading] of cases) {
    it(truth, () => {
      assert.deepEqual(
        paths.filter((path) => scope.holds(path)),
        held,
      );
      assert.deepEqual(
        paths.filter((path) => scope.leadsTo(path)),
        leading,
      );
      assert.deepEqual(
        paths.filter((path) => scope.includes(path)),
        paths.filter((path) => held.includes(path) || leading.includes(path)),
      );
    });
  }

  it("covers other paths only if each of them is in it", () => {
    const scope = new PathScope(["a/b", "b"], ["dist/lin"]);
    assert.equal(scope.covers(["a/b", "a/b/c", "dist/linux/x", "b"]), true);
    for (const path of ["a", "dist", "ab", "a/bc"]) assert.equal(scope.covers(["b", path]), false, path);
    assert.equal(scope.covers([]), true);
  });

  it("is asked in any order, and about thousands of parts, in no time", () => {
    const many = new PathScope(Array.from({ length: 20_000 }, (_, i) => `folder-${i}/file`));
    const held = Array.from({ length: 20_000 }, (_, i) => many.holds(`folder-${(i * 2 * 7919) % 40_000}/file/x`));
    assert.equal(held.filter(Boolean).length, 10_000);
  });
});
