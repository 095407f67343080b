import assert from "node:assert/strict";
import { gitPath } from "../../../../src/core/context/gitignore/gitPath";

describe("a path in a file of Git's", () => {
  const cases: readonly (readonly [base: string, written: string, onWindows: string | undefined, elsewhere: string])[] =
    [
      ["/c:/root", "C:/repo/.git/worktrees/x", "/C:/repo/.git/worktrees/x", "/c:/root/C:/repo/.git/worktrees/x"],
      [
        "/c:/root",
        "C:\\repo\\.git\\worktrees\\x",
        "/C:/repo/.git/worktrees/x",
        "/c:/root/C:\\repo\\.git\\worktrees\\x",
      ],
      ["/c:/root", "../repo/.git/modules/x", "/c:/repo/.git/modules/x", "/c:/repo/.git/modules/x"],
      ["/repo/.git/worktrees/x", "../..", "/repo/.git", "/repo/.git"],
      ["/root", "/repo/.git/worktrees/x", "/repo/.git/worktrees/x", "/repo/.git/worktrees/x"],
      ["/root", "c:x/y", "/root/c:x/y", "/root/c:x/y"],
      ["/root", "//server/share/.git", undefined, "/server/share/.git"],
      ["/c:/root", "\\\\server\\share\\.git", undefined, "/c:/root/\\\\server\\share\\.git"],
    ];
  for (const [base, written, onWindows, elsewhere] of cases) {
    it(`as ${written} in ${base} is ${onWindows ?? "left out"} on Windows, and ${elsewhere} elsewhere`, () => {
      assert.equal(gitPath(base, written, true), onWindows);
      assert.equal(gitPath(base, written, false), elsewhere);
    });
  }
});
