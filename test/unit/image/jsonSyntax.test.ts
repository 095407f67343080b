import assert from "node:assert/strict";
import { jsonSyntaxError } from "../../../src/core/image/spec/jsonSyntax";
import { mutate, pick, seeded } from "../../support/mutations";
import { volume } from "../../support/volume";

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const whole = '{"from": {"base": "a\\u00e9\\n", "list": [1, -2.5e+3, true, null, {}, []]}, "x": ["y", "z"]}';
const pieces = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "1",
  "01",
  ".",
  "e",
  "-",
  "true",
  "x",
  "'",
  "\n",
  "\t",
  "//",
  "\f",
];

describe("the place of a mistake in a JSON file", () => {
  const cases: readonly (readonly [marked: string, reason: RegExp])[] = [
    ["«»", /a value is expected here/],
    ["{«a»: 1}", /a name in double quotes is expected here/],
    ['{"a" «1»}', /":" is expected here/],
    ['{"a": 1 «"b"»: 2}', /"," or "}" is expected|"," or the end of what is open is expected/],
    ["[1«,»]", /nothing follows the comma before "]": take it out/],
    ['{"a": 1«,»\n}', /nothing follows the comma before "}": take it out/],
    ["[1, «,» 2]", /a value is expected here/],
    ["«// why»\n{}", /comments are no part of it/],
    ['{"a": «"x»\n}', /the text is not closed/],
    ["{} «[»]", /the end of the file is expected here/],
    ['["«»', /the text is not closed/],
    ["[1 «x»]", /this cannot stand here/],
  ];
  for (const [marked, reason] of cases) {
    it(`is ${JSON.stringify(marked)}`, () => {
      const text = marked.replace(/[«»]/g, "");
      const { from = -1, to = -1, message = "" } = jsonSyntaxError(text) ?? {};
      assert.match(message, reason);
      if (marked !== '["«»') assert.equal(`${text.slice(0, from)}«${text.slice(from, to)}»${text.slice(to)}`, marked);
    });
  }

  it("is there exactly where JSON.parse refuses, and within the text", () => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
    const random = seeded(seed);
    const below = (most: number) => Math.floor(random() * most);
    for (let count = 0; count < volume(5_000, 200_000); count++) {
      let text = count % 2 === 0 ? whole : mutate(whole, random).toString("utf8");
      for (let edits = below(3); edits > 0; edits--) {
        const at = below(text.length + 1);
        text = text.slice(0, at) + (below(2) ? pick(pieces, random) : "") + text.slice(at + below(4));
      }
      const found = jsonSyntaxError(text);
      assert.equal(found === undefined, isJson(text), `SEED=${seed}: ${JSON.stringify(text)}`);
      if (found)
        assert.ok(0 <= found.from && found.from <= found.to && found.to <= text.length, `SEED=${seed}: ${text}`);
    }
  });
});
