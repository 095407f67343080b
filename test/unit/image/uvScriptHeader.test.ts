import assert from "node:assert/strict";
import { readScript } from "../../../src/core/image/files/uvScript";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

describe("the metadata block of a script", () => {
  after(removeTemporaryFolders);

  const blocks: readonly (readonly [title: string, lines: readonly string[], packages: readonly string[]])[] = [
    ["is a block of comments", ["# /// script", '# dependencies = ["a"]', "# ///"], ["a"]],
    ["follows other comments and code", ["# x", "import b", "# /// script", '# dependencies = ["a"]', "# ///"], ["a"]],
    [
      "ends at the last mark",
      ["# /// script", '# dependencies = ["a", """', "# ///", '# """]', "# ///"],
      ["a", "///\n"],
    ],
    [
      "is the first that ends",
      ["# /// script", "# x = 1", "", "# /// script", '# dependencies = ["a"]', "# ///"],
      ["a"],
    ],
  ];
  for (const [title, lines, packages] of blocks) {
    it(title, () => {
      const root = temporaryFolder({ "s.py": [...lines, "print(1)", ""].join("\n") });
      assert.deepEqual(readScript(root, "s.py").packages, packages);
    });
  }
});
