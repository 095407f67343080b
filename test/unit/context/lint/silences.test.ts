import assert from "node:assert/strict";
import { silencedAt, silencingEdit } from "../../../../src/core/context/lint/state/silences";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";

describe("a line is silenced", () => {
  const cases: readonly {
    readonly truth: string;
    readonly text: string;
    readonly line: number;
    readonly after: string;
  }[] = [
    {
      truth: "by a comment above it",
      text: "a\nb\n",
      line: 2,
      after: "a\n# image-builders-ignore: matches-nothing\nb\n",
    },
    { truth: "at the top", text: "a\n", line: 1, after: "# image-builders-ignore: matches-nothing\na\n" },
    { truth: "in an empty file", text: "", line: 1, after: "# image-builders-ignore: matches-nothing\n" },
    {
      truth: "by one more code in the comment that is there",
      text: "# image-builders-ignore: secret-sent\na\n",
      line: 2,
      after: "# image-builders-ignore: secret-sent, matches-nothing\na\n",
    },
    {
      truth: "below a remark of its own",
      text: "# why\na\n",
      line: 2,
      after: "# why\n# image-builders-ignore: matches-nothing\na\n",
    },
    {
      truth: "above an instruction of several lines",
      text: "FROM a\nCOPY x \\\n  y \\\n  /\n",
      line: 3,
      after: "FROM a\n# image-builders-ignore: matches-nothing\nCOPY x \\\n  y \\\n  /\n",
    },
  ];
  for (const { truth, text, line, after } of cases) {
    it(truth, () => {
      const edit = silencingEdit(text.split("\n"), line, "matches-nothing") ?? assert.fail("no edit is offered");
      assert.equal(applyEdits(text, [edit]), after);
      const moved = line + after.split("\n").length - text.split("\n").length;
      assert.ok(silencedAt(after.split("\n"), moved).has("matches-nothing"));
    });
  }

  it("alone, not the lines below it", () => {
    const edit = silencingEdit(["a", "b", "c"], 2, "matches-nothing") ?? assert.fail("no edit is offered");
    assert.ok(!silencedAt(applyEdits("a\nb\nc", [edit]).split("\n"), 4).has("matches-nothing"));
  });
});
