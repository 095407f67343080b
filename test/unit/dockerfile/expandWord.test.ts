import assert from "node:assert/strict";
import { expandWord, knownPrefix, unknownPart, WordExpander } from "../../../src/core/dockerfile/expandWord";
import { trimMatch } from "../../../src/core/dockerfile/shellPattern";

const values: Readonly<Record<string, string>> = {
  A: "a",
  PATH: "/usr/bin:/bin",
  EMPTY: "",
  F: "foo.tar.gz",
  D: "$A",
  S: "x y",
  ANY: unknownPart,
  PART: `b${unknownPart}`,
};
const expand = (word: string, escape = "\\"): string | undefined => expandWord(word, escape, (name) => values[name]);

describe("a word of an instruction", () => {
  const cases: readonly (readonly [word: string, expected: string | undefined, escape?: string])[] = [
    ["plain", "plain"],
    ["$A${A}b$A-c", "aaba-c"],
    ["$Ab|$A_b", "|"],
    ["$NONE|${NONE}", "|"],
    ["'$A\"'\"'$A\"", "$A\"'a"],
    ["\\$A|\\'|\\\\|\\x|x\\", "$A|'|\\|x|x"],
    ['"\\$A|\\"|\\\\|\\x"', '$A|"|\\|\\x'],
    ["`$A|c:\\x", "$A|c:\\x", "`"],
    ["$|$.|$/", "$|$.|$/"],
    ["$1x|$12|$@", "x||"],
    ["é$A😀\\é", "éa😀é"],
    ["${NONE-w}|${NONE:-w}|${EMPTY-w}|${EMPTY:-w}|${A-w}|${A:-w}", "w|w||w|a|a"],
    ["${NONE+w}|${NONE:+w}|${EMPTY+w}|${EMPTY:+w}|${A+w}|${A:+w}", "||w||w|w"],
    ["${A?no}|${A:?no}|${EMPTY?no}", "a|a|"],
    ["${NONE?no}", undefined],
    ["${EMPTY:?no}", undefined],
    ["${NONE:-${NONE:-$A}}", "a"],
    ["${NONE:-\"a}b\"}|${NONE:-'}'}|${NONE:-\\}}", "a}b|}|}"],
    ["${F%.*}|${F%%.*}|${F#*.}|${F##*.}", "foo.tar|foo|tar.gz|gz"],
    ["${F%.g?}|${F#foo}|${F#bar}|${F%}", "foo.tar|.tar.gz|foo.tar.gz|foo.tar.gz"],
    ["${PATH##*/}|${PATH%%:*}", "bin|/usr/bin"],
    ["${PATH/bin/x}|${PATH//bin/x}|${PATH/\\/usr/}|${PATH//\\//.}", "/usr/x:/bin|/usr/x:/x|/bin:/bin|.usr.bin:.bin"],
    ["${F/o*r/-}|${F//o/}|${F/none/-}|${F//?/x}", "f-.gz|f.tar.gz|foo.tar.gz|xxxxxxxxxx"],
    ["${F//*/x}|${EMPTY/*/x}", "x|x"],
    ["${D}|${S}", "$A|x y"],
    ["'open", undefined],
    ['"open', undefined],
    ["${A", undefined],
    ["${}", undefined],
    ["${:x}", undefined],
    ["${A^}", undefined],
    ["${A:#x}", undefined],
    ["${A/b}", undefined],
    ["$ANY/x", `${unknownPart}/x`],
    ["${ANY:-w}|${ANY+w}|${ANY%x}", `${unknownPart}|${unknownPart}|${unknownPart}`],
    ["${PART:-w}|${PART:+w}|${PART#b}", `b${unknownPart}|w|${unknownPart}`],
  ];
  for (const [word, expected, escape] of cases)
    it(`${word} is ${expected ?? "refused"}`, () => assert.equal(expand(word, escape), expected));

  it("keeps what is known in front of what is not", () => assert.equal(knownPrefix(`a/b${unknownPart}c`), "a/b"));

  it("in braces in braces without end is not read", () =>
    assert.equal(expand(`${"${NONE:-".repeat(10_000)}x${"}".repeat(10_000)}`), undefined));

  it("with patterns that take long is not read", () => {
    const words = new WordExpander("\\");
    const long = "a".repeat(60_000);
    const started = performance.now();
    for (let i = 0; i < 20; i++)
      assert.equal(
        words.expand(`\${X//${"*a".repeat(200)}b/c}`, () => long),
        unknownPart,
      );
    assert.ok(performance.now() - started < 2000);
  });

  it("is cut as by a pattern that is tried at each length", () => {
    const budget = { left: 1e9 };
    for (const value of ["", "a", "abab", "aabb", "b", "abba"]) {
      for (const pattern of ["", "*", "?", "a*", "*b", "a*b", "*a*b", "??", "b*a"]) {
        const matches = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);
        const lengths = [...Array(value.length + 1).keys()];
        for (const isLongest of [false, true]) {
          const ofStart = lengths.filter((length) => matches.test(value.slice(0, length))).at(isLongest ? -1 : 0) ?? 0;
          const ofEnd =
            lengths.filter((length) => matches.test(value.slice(value.length - length))).at(isLongest ? -1 : 0) ?? 0;
          assert.equal(
            trimMatch(value, pattern, "start", isLongest, budget),
            value.slice(ofStart),
            `${value} # ${pattern}`,
          );
          assert.equal(
            trimMatch(value, pattern, "end", isLongest, budget),
            value.slice(0, value.length - ofEnd),
            `${value} % ${pattern}`,
          );
        }
      }
    }
  });
});
