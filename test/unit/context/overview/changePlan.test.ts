import assert from "node:assert/strict";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";
import { planExclusion, planInclusion, type ChangePlan } from "../../../../src/core/context/overview/changePlan";
import { lineFor } from "../../../../src/core/context/lint/state/lineFor";
import type { Setting } from "../lint/support";
import { stateOf } from "./support";

const files = [
  "app/main.py=300",
  "app/util.py=200",
  "data/big.bin=9000",
  "data/keep/a=1",
  "data/keep/b=2",
  "README.md=400",
];
const textAfter = (text: string, { fix }: ChangePlan) => applyEdits(text, fix.edits);

describe("excluding from a context", () => {
  for (const { name, paths, text = "", expected, gone } of [
    { name: "a folder", paths: ["data"], expected: "data\n", gone: 3 },
    { name: "a file", paths: ["README.md"], text: "app\n", expected: "app\nREADME.md\n", gone: 1 },
    {
      name: "several, one in the other",
      paths: ["data", "data/keep", "README.md"],
      expected: "data\nREADME.md\n",
      gone: 4,
    },
    {
      name: "what an exception lets in of a folder that is out",
      paths: ["data"],
      text: "data\n!data/keep\n",
      expected: "data\n!data/keep\ndata/**\n",
      gone: 2,
    },
  ]) {
    it(`adds a line for ${name}`, async () => {
      const plan = await planExclusion(stateOf({ files, text }), paths);
      assert.ok(plan);
      assert.equal(textAfter(text, plan), expected);
      assert.deepEqual(
        [plan.effect.stopsSending.files, plan.effect.startsSending.files, plan.broken.length],
        [gone, 0, 0],
      );
    });
  }

  for (const odd of [
    "#notes",
    "!important",
    " leading",
    "trailing ",
    "a[1].txt",
    "{a,b}",
    "a|b",
    "x^y",
    "star*",
    "why?",
    "back\\slash",
    "$HOME",
    "a+(b)",
    "ünïcode",
    "\u00a0nbsp",
    "a**b",
    "..a",
  ]) {
    it(`names "${odd}" and nothing else`, async () => {
      const others = [
        "a",
        "b",
        "notes",
        "important",
        "leading",
        "trailing",
        "a1.txt",
        "x",
        "y",
        "starry",
        "whyx",
        "backslash",
        "1",
        "axb",
        "nbsp",
      ];
      const plan = await planExclusion(stateOf({ files: [`sub/${odd}`, odd, ...others, `${odd}x`] }), [odd]);
      assert.deepEqual(plan?.effect.stopsSending.examples, [odd], lineFor(odd));
      assert.equal(plan.effect.stopsSending.files, 1);
    });
  }

  it("offers nothing for what is always included, for a name of two lines, and for the root", async () => {
    assert.equal(
      await planExclusion(stateOf({ files: [".zen/config"], alwaysInclude: [".zen"] }), [".zen"]),
      undefined,
    );
    assert.equal(await planExclusion(stateOf({ files: ["two\nlines"] }), ["two\nlines"]), undefined);
    assert.equal(await planExclusion(stateOf({ files }), [""]), undefined);
    assert.equal(await planExclusion(stateOf({ files }), ["gone"]), undefined);
  });

  it("names the COPY that it breaks, and not one that was broken before", async () => {
    const setting: Setting = {
      files,
      text: "README.md\n",
      dockerfiles: { Dockerfile: "FROM scratch\nCOPY README.md /\nCOPY data /data\n" },
    };
    const plan = await planExclusion(stateOf(setting), ["data"]);
    assert.deepEqual(
      plan?.broken.map(({ file, range }) => [file, range.line]),
      [["Dockerfile", 3]],
    );
  });
});

describe("including in a context again", () => {
  for (const { name, paths, text, expected, come } of [
    {
      name: "takes the line away that is about it alone",
      paths: ["data"],
      text: "app\ndata\n",
      expected: "app\n",
      come: 3,
    },
    {
      name: "adds an exception where the line is about more",
      paths: ["data/keep"],
      text: "data\n",
      expected: "data\n!data/keep\n",
      come: 2,
    },
    {
      name: "adds an exception below everything",
      paths: ["app/main.py"],
      text: "*\n",
      expected: "*\n!app/main.py\n",
      come: 1,
    },
    { name: "takes several in", paths: ["app", "README.md"], text: "*\n", expected: "*\n!app\n!README.md\n", come: 3 },
  ]) {
    it(name, async () => {
      const plan = await planInclusion(stateOf({ files, text }), paths);
      assert.ok(plan);
      assert.equal(textAfter(text, plan), expected);
      assert.deepEqual([plan.effect.startsSending.files, plan.effect.stopsSending.files], [come, 0]);
    });
  }

  it("offers nothing for what is sent already", async () => {
    assert.equal(await planInclusion(stateOf({ files, text: "app\n" }), ["data"]), undefined);
  });
});
