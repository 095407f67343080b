import assert from "node:assert/strict";
import { detailsOfLine, factsOfLines } from "../../../../src/core/context/explain/lineFacts";
import { stateOf } from "../overview/support";

const files = ["app.js=5", "logs/a.log=10", "logs/b.log=20", "src/c.log=40", "src/main.js=80", "empty/"];

describe("what a line does", () => {
  it("is counted by what it matches and by what it decides on", async () => {
    const state = stateOf({ files, text: "logs\n**/*.log\n!src/c.log\nempty\nnone\n!app.js\n" });
    const facts = await factsOfLines(state);
    const rows = facts.map(({ written, matched, emptyFolders, decided }) => [
      written.text,
      matched.files,
      matched.bytes,
      emptyFolders,
      decided.files,
      decided.bytes,
    ]);
    assert.deepEqual(rows, [
      ["logs", 2, 30, 0, 2, 30],
      ["**/*.log", 3, 70, 0, 0, 0],
      ["!src/c.log", 1, 40, 0, 1, 40],
      ["empty", 0, 0, 1, 0, 0],
      ["none", 0, 0, 0, 0, 0],
      ["!app.js", 1, 5, 0, 0, 0],
    ]);
  });

  it("names what it matches, and who decides on the rest", async () => {
    const details = await detailsOfLine(stateOf({ files, text: "# logs\n**/*.log\n!src/c.log\n" }), 2);
    assert.deepEqual(details?.examples, [
      { path: "logs/a.log", isDirectory: false, bytes: 10 },
      { path: "logs/b.log", isDirectory: false, bytes: 20 },
      { path: "src/c.log", isDirectory: false, bytes: 40 },
    ]);
    assert.deepEqual(details?.decided, { files: 2, bytes: 30 });
    assert.deepEqual(
      details?.others.map(({ written, files: count }) => [written?.line, count]),
      [[3, 1]],
    );
  });

  it("is nothing where what it matches is always included", async () => {
    const details = await detailsOfLine(
      stateOf({ files: [".zen/config=3"], text: ".zen\n", alwaysInclude: [".zen"] }),
      1,
    );
    assert.deepEqual([details?.decided.files, details?.others], [0, [{ written: undefined, files: 1 }]]);
  });

  it("is not told of comments and of lines that builders cannot use", async () => {
    const state = stateOf({ files, text: "# a\n*[z-a]\n" });
    assert.deepEqual(
      [await detailsOfLine(state, 1), await detailsOfLine(state, 2), await factsOfLines(state)],
      [undefined, undefined, []],
    );
  });
});
