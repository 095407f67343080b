import assert from "node:assert/strict";
import { LogText } from "../../../src/core/history/logText";

describe("the log of a running build in memory", () => {
  it("is what was appended", () => {
    const log = new LogText();
    assert.equal(log.toString(), "");
    for (const line of ["one", "", "two"]) log.append(line);
    assert.equal(log.toString(), "one\n\ntwo\n");
    assert.deepEqual([log.beginningFrom(2), log.rest(), log.beginningLines], ["two\n", "", 3]);
  });

  it("keeps its beginning and its end where it is too long, and reports how many lines are left out", () => {
    const log = new LogText({ beginning: 30, end: 30 });
    for (let i = 1; i <= 1000; i++) log.append(`line ${i}`);
    const lines = log.toString().split("\n");
    assert.equal(lines[0], "line 1");
    assert.deepEqual(lines.slice(-4), ["line 998", "line 999", "line 1000", ""]);
    const note = lines.find((line) => line.startsWith("…")) ?? "";
    const leftOut = Number(/\d+/.exec(note)?.[0]);
    assert.equal(leftOut + lines.length - 2, 1000);
    assert.equal(log.toString(), log.toString());
  });

  it("never goes back to its beginning after a line that didn't fit", () => {
    const log = new LogText({ beginning: 10, end: 5 });
    for (const line of ["a", "b".repeat(20), "c", "d"]) log.append(line);
    assert.deepEqual(log.toString().split("\n"), [
      "a",
      "… Lines left out because this log is too long: 1 …",
      "c",
      "d",
      "",
    ]);
  });
});
