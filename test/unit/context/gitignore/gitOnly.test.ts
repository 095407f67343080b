import assert from "node:assert/strict";
import { gitIgnoredButSent, keepOutGitIgnored, type GitOnly } from "../../../../src/core/context/gitignore/gitOnly";
import type { LintState } from "../../../../src/core/context/lint/state/lintState";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";
import type { Setting } from "../lint/support";
import { stateOf } from "../overview/support";

/** What Git ignores and the builder gets. */
async function compared(
  gitignore: string,
  setting: Setting,
): Promise<{ readonly state: LintState; readonly found: readonly GitOnly[] }> {
  const state = stateOf(setting);
  const above = [{ name: ".gitignore", folder: "", text: gitignore }];
  return {
    state,
    found: await gitIgnoredButSent(state, { context: "", above, read: () => Promise.resolve(undefined) }),
  };
}

const files = [
  "app.js=1",
  "a.log=10",
  "keep.log=20",
  "web/b.log=40",
  "build/out.js=80",
  "src/build/x=160",
  "src/dist=5",
];

describe("what Git ignores and the image gets", () => {
  it("is grouped by the line, the most bytes first", async () => {
    const { found } = await compared("*.log\nbuild/\nnone\n", { files });
    assert.deepEqual(
      found.map(({ source, files: count, bytes, examples, lines }) => [source.line, count, bytes, examples, lines]),
      [
        [2, 2, 240, ["build/", "src/build/"], ["**/build"]],
        [1, 3, 70, ["a.log", "keep.log", "web/b.log"], ["**/*.log"]],
      ],
    );
  });

  it("leaves out what the ignore file keeps out already, and what no instruction copies", async () => {
    const excluded = await compared("*.log\nbuild/\n", { files, text: "**/build\n" });
    assert.deepEqual(
      excluded.found.map(({ source }) => source.text),
      ["*.log"],
    );
    const copied = await compared("*.log\nbuild/\n", { files, dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" } });
    assert.deepEqual(
      copied.found.map(({ source, files: count, lines }) => [source.text, count, lines]),
      [["build/", 1, ["**/build"]]],
    );
  });

  it("takes Git's exceptions over where its line alone would keep out too much", async () => {
    const { found } = await compared("*.log\n!keep.log\n", { files });
    assert.deepEqual(
      found.map(({ lines, isTranslated }) => [lines, isTranslated]),
      [[["**/*.log", "!**/keep.log"], true]],
    );
  });

  it("names the paths where Docker's syntax has no line for it", async () => {
    const { found } = await compared("dist/\n", { files: ["dist/a", "src/dist", "lib/dist/b"] });
    assert.deepEqual(
      found.map(({ lines, isTranslated }) => [lines, isTranslated]),
      [[["dist", "lib/dist"], false]],
    );
  });

  it("says which instruction needs it", async () => {
    const { found } = await compared("build/\n*.log\n", {
      files,
      dockerfiles: { Dockerfile: "FROM a\nCOPY build /srv\nCOPY web /web\n" },
    });
    assert.deepEqual(
      found.map(({ source, copiedBy }) => [source.text, copiedBy?.range.line]),
      [
        ["build/", 2],
        ["*.log", undefined],
      ],
    );
  });

  it("is kept out by one change, which stops sending exactly that", async () => {
    const { state, found } = await compared("*.log\n!keep.log\nbuild/\n", { files, text: "# mine\n" });
    const plan = await keepOutGitIgnored(state, found);
    assert.equal(applyEdits("# mine\n", plan?.fix.edits ?? []), "# mine\n**/*.log\n!**/keep.log\n**/build\n");
    assert.deepEqual(
      [plan?.effect.stopsSending.files, plan?.effect.stopsSending.bytes, plan?.effect.startsSending.files],
      [4, 290, 0],
    );
  });
});
