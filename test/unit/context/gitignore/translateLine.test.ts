import assert from "node:assert/strict";
import { translateLine } from "../../../../src/core/context/gitignore/translateLine";

/**
 * Git's line, Docker's; with the folder of Git's file and that of the context where they are not the repository's root.
 */
const table: readonly (readonly [git: string, docker: string | undefined, folder?: string, context?: string])[] = [
  ["node_modules", "**/node_modules"],
  ["node_modules/", "**/node_modules"],
  ["/dist", "dist"],
  ["/dist/", "dist"],
  ["docs/*.md", "docs/*.md"],
  ["**/cache", "**/cache"],
  ["logs/**", "logs/**"],
  ["*.log  ", "**/*.log"],
  ["a\\ ", "**/a[ ]"],
  ["!keep.log", "!**/keep.log"],
  ["# a comment", undefined],
  ["\\#notes", "**/\\#notes"],
  ["/\\#notes", "[#]notes"],
  ["/\\!x", "[!]x"],
  ["\\a", "**/a"],
  ["a{b}|c^", "**/a\\{b\\}\\|c\\^"],
  ["[!a].txt", "**/[^a].txt"],
  ["/", undefined],
  ["", undefined],
  ["out", "web/**/out", "web"],
  ["/out", "web/out", "web"],
  ["/out", "web\\[1\\]/out", "web[1]"],
  ["*.tmp", "**/*.tmp", "", "services/api"],
  ["/services/api/out", "out", "", "services/api"],
  ["api/out", "out", "services", "services/api"],
  ["**/out", "**/out", "", "services/api"],
  ["services/*/out", undefined, "", "services/api"],
  ["/out", "out", "services/api", "services/api"],
  ["/out", "web/out", "services/api/web", "services/api"],
];

describe("Git's line in Docker's words", () => {
  for (const [git, docker, folder = "", context = ""] of table) {
    const place = folder || context ? ` of "${folder}" for "${context}"` : "";
    it(`${JSON.stringify(git)}${place} is ${JSON.stringify(docker)}`, () => {
      assert.equal(translateLine({ file: { name: ".gitignore", folder, text: git }, text: git }, context), docker);
    });
  }
});
