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
    ["«»", /expected a value/],
    ["{«a»: 1}", /expected a key in double quotes/],
    ['{"a" «1»}', /expected ":"/],
    ['{"a": 1 «"b"»: 2}', /expected "," or a closing bracket/],
    ["[1«,»]", /trailing comma before "]"\. Remove the comma/],
    ['{"a": 1«,»\n}', /trailing comma before "}"\. Remove the comma/],
    ["[1, «,» 2]", /expected a value/],
    ["«// why»\n{}", /comments are not allowed/],
    ['{"a": «"x»\n}', /the string is not closed/],
    ["{} «[»]", /expected the end of the file/],
    ['["«»', /the string is not closed/],
    ["[1 «x»]", /this is not allowed here/],
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
