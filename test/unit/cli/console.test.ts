import assert from "node:assert/strict";
import { plainLines } from "../../../src/cli/console";

describe("foreign text on a terminal", () => {
  for (const [text, shown] of [
    ["plain", "plain"],
    ["two\nlines\tand tabs", "two\nlines\tand tabs"],
    ["\u001b]0;title\u0007\u001b[2J", "\ufffd]0;title\ufffd\ufffd[2J"],
    ["left \u202e right", "left \ufffd right"],
    ["::add-path::/evil", "|::add-path::/evil"],
    ["first\n  ::stop-commands::x", "first\n|  ::stop-commands::x"],
    ["first\r::set-env name=A::x", "first\n|::set-env name=A::x"],
    ["a::b", "a::b"],
  ] as const) {
    it(`is harmless: ${JSON.stringify(text)}`, () => assert.equal(plainLines(text), shown));
  }
});
