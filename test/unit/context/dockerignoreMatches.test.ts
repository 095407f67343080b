import assert from "node:assert/strict";
import { compilePattern } from "../../../src/core/context/dockerignore/compilePattern";
import { GoRegexpError } from "../../../src/core/context/dockerignore/goRegexp";

function matches(pattern: string, path: string): boolean {
  const { automaton, nameEnd } = compilePattern(pattern);
  const { accepts } = automaton.run(automaton.start, path);
  const name = path.lastIndexOf("/") + 1;
  assert.equal(
    automaton.acceptsName(automaton.run(automaton.start, path.slice(0, name)), path.slice(name)),
    accepts,
    `${pattern} on ${path}`,
  );
  if (accepts) assert.ok(path.endsWith(nameEnd), `${pattern} matches ${path}, which does not end with ${nameEnd}`);
  return accepts;
}

describe("a pattern matches as in Docker", () => {
  const table: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
    ["a.b", ["a.b"], ["axb", "a.b/c", "x/a.b"]],
    ["a+b{2}|^", ["a+b{2}|^"], ["aab", ""]],
    ["foo/**", ["foo/a", "foo/a/b"], ["foo", "foobar"]],
    ["foo**", ["foo", "foobar", "foo/a", "foo\nbar"], ["xfoo"]],
    ["**", ["a", "a/b", "a\nb"], []],
    ["**/foo", ["foo", "a/foo", "a/b/foo"], ["xfoo", "foo/a"]],
    ["**foo", ["foo", "xfoo", "a/xfoo"], ["foox"]],
    ["**foo*", ["foo1", "a/foo1"], ["xfoo1"]],
    ["*", ["a", "a\nb"], ["a/b"]],
    ["*.log", ["a.log", ".log"], ["a/b.log", "a.logs"]],
    ["a?c", ["abc", "a😀c"], ["a/c", "ac", "abbc"]],
    ["a**b", ["ab", "ax/b", "a/x/b"], ["axb"]],
    ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb"]],
    ["*/**", ["a/b", "a/"], ["ab"]],
    ["**/**", ["a", "a/b"], ["a\nb"]],
    ["[a-c]x", ["ax", "cx"], ["dx", "a"]],
    ["[!a]", ["!", "a"], ["b"]],
    ["[^a]b", ["xb", "/b"], ["ab"]],
    ["[*]x", ["]x", "[]x", "^/]x"], ["*x", "x"]],
    ["a]", ["a]"], ["a"]],
    ["[[:alpha:]]1", ["a1", "Z1"], ["11", "é1"]],
    ["[\\]]x", ["]x"], ["\\x"]],
    ["\\d", ["5"], ["d", "\\d"]],
    ["di\\st", ["di t", "di\tt"], ["dist", "di\u000bt"]],
    ["\\x61b*", ["ab", "abc"], ["x61b"]],
    ["\\101*", ["A", "Ab"], ["1"]],
    ["\\x{1f600}", ["😀"], ["x"]],
    ["\\pL", ["é", "日"], ["1", "ab"]],
    ["\\p{Greek}*", ["λ", "λx"], ["l"]],
    ["\\PL", ["1"], ["a"]],
    ["\\bfoo*", ["foo", "food"], ["xfoo"]],
    ["foo\\b*", ["foo", "foo.a"], ["food"]],
    ["foo\\B*", ["food"], ["foo", "foo.a"]],
    ["a\\Ab", [], ["ab", "a"]],
    ["*\\z", ["a"], ["a/b"]],
    ["\\Qa*b\\Ec?", ["a[^/]*bcd"], ["axbcd"]],
    ["\\Qa", ["a$", "a$b"], ["a"]],
    ["a*\\", ["a$", "axx$", "a$b"], ["a", "a\\"]],
    ["*.log|*.tmp", ["x.log", "x.logs", "a/b.tmp"], ["a/b.log", "a.txt"]],
    ["a{2}?", ["aab"], ["aa", "aaab"]],
    ["a{2,}?", ["aab", "aaaab"], ["ab"]],
    ["a{,2}?", ["a{,2}x"], ["aax"]],
    ["a{02}?", ["a{02}x"], ["aax"]],
    ["*.{js,ts}", ["x.{js,ts}"], ["x.js"]],
    ["|x*", ["anything", "a/b"], []],
    ["^a*", ["a", "abc"], ["^a", "ba"]],
    ["^a", ["^a"], ["a"]],
    ["b|^a*", ["b", "bcd", "ab"], ["xb", "xa"]],
    ["\ufeffa*", ["a", "ab"], ["\ufeffa"]],
    ["\ufeffa", ["\ufeffa"], ["a"]],
    ["日本*", ["日本語"], ["日"]],
    ["a\u0000*", ["a\u0000"], ["a"]],
  ];
  for (const [pattern, yes, no] of table) {
    it(JSON.stringify(pattern), () => {
      for (const path of yes) assert.ok(matches(pattern, path), `should match ${JSON.stringify(path)}`);
      for (const path of no) assert.ok(!matches(pattern, path), `should not match ${JSON.stringify(path)}`);
    });
  }

  for (const pattern of [
    "[z-a]",
    "a*[",
    "*{2}",
    "a*{2}",
    "\\y",
    "\\1",
    "\\8",
    "\\é",
    "\\xg0",
    "\\x{}",
    "\\x{110000}",
    "\\C*",
    "\\E",
    "\\pX",
    "\\p{Nope}",
    "[[:nope:]]",
    "[a-\\d]",
    "x|{2}*",
    "?{1001}",
    "?{3,2}",
    "?{99999999999999999999}",
    "[\\b]",
    "***{3}",
  ]) {
    it(`${JSON.stringify(pattern)} cannot be compiled`, () => {
      assert.throws(() => compilePattern(pattern), GoRegexpError);
    });
  }
});

describe("no pattern takes more than linear time", () => {
  const name = "a".repeat(120);
  const path = `${"a".repeat(200)}/`.repeat(20);
  const patterns = [
    "*a*a*a*a*a*a*c",
    "**/*a*a*a*a*a*a*a*a*b",
    `${"a*".repeat(30)}b`,
    `${"**/".repeat(30)}b`,
    "*a*|*a*a*b|*c",
    `*a${"?".repeat(60)}b`,
    "[^b]{1000}[^b]{1000}*c",
    `${"*a".repeat(500)}b`,
  ];
  for (const pattern of patterns) {
    it(pattern.slice(0, 60), function () {
      this.timeout(120_000);
      const start = process.cpuUsage();
      for (let i = 0; i < 100; i++) {
        assert.ok(!matches(pattern, name + i) || pattern.includes("|"));
        if (i === 0) matches(pattern, path);
      }
      // Not the clock's time, which others on the machine take part of.
      const ms = process.cpuUsage(start).user / 1000;
      assert.ok(ms < 2000, `took ${ms} ms`);
    });
  }
});
