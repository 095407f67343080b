import assert from "node:assert/strict";
import { compilePattern } from "../../../src/core/context/dockerignore/compilePattern";
import { GoRegexpError } from "../../../src/core/context/dockerignore/goRegexp";
import { faultInGlob } from "../../../src/core/context/dockerignore/globSyntax";
import {
  malformed,
  parseIgnoreFile,
  type IgnorePattern,
  type IgnoreProblem,
} from "../../../src/core/context/dockerignore/parseIgnoreFile";

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

describe("a glob is well-formed for builders", () => {
  const good = [
    "a",
    "*",
    "**",
    "a*",
    "[a]",
    "[^a]",
    "[a-z]*",
    "[z-a]",
    "\\a",
    "b*[",
    "b[a]*[",
    "?",
    "a]",
    "[\\]]",
    "[a\\-z]",
    "**/a",
    "[!a]",
  ];
  const bad = [
    "[",
    "a[",
    "[]a]",
    "[a",
    "*[b",
    "?*[",
    "a\\",
    "[-a]",
    "[a-]",
    "[^]",
    "[^]a]",
    "[\\",
    "x[a",
    "/[",
    "**/~\\",
    ".*[",
    "*.[",
    "?[",
  ];
  for (const pattern of good) it(`${pattern} is`, () => assert.equal(faultInGlob(pattern), undefined));
  for (const pattern of bad) it(`${pattern} is not`, () => assert.notEqual(faultInGlob(pattern), undefined));
});

describe("a line becomes a pattern", () => {
  const table: readonly (readonly [line: string, pattern: string | undefined])[] = [
    ["a", "a"],
    ["  a b \t", "a b"],
    ["\u0085\u00a0\u3000a\u2003", "a"],
    ["\u200ba\ufeff", "\u200ba\ufeff"],
    ["# a", undefined],
    [" # a", "# a"],
    ["a # b", "a # b"],
    ["", undefined],
    ["a/", "a"],
    ["/a", "a"],
    ["//a//b/./c/../d/", "a/b/d"],
    ["!a", "!a"],
    ["! a", "!a"],
    ["/!a", "!a"],
    ["./!a", "!a"],
    ["!!a", "!!a"],
    ["/ a", "a"],
    ["/../a", "a"],
    ["x/../a", "a"],
    ["**/..", "."],
    ["*/../b", "b"],
    [".", "."],
    ["/", "/"],
    ["../x", "../x"],
    ["!.", "!."],
    ["a\r", "a"],
  ];
  for (const [line, expected] of table) {
    it(JSON.stringify(line), () => {
      const { patterns, problems } = parseIgnoreFile(Buffer.from(`x\n${line}\n`), "buildkit");
      assert.deepEqual(problems, []);
      const [, pattern] = patterns;
      assert.equal(pattern && (pattern.exception ? "!" : "") + pattern.text, expected);
      if (pattern) assert.equal(pattern.line, 2);
    });
  }

  it("a byte order mark counts only once and only at the start", () => {
    const texts = parseIgnoreFile(Buffer.from("\ufeff\ufeffa\n\ufeffb"), "buildkit").patterns.map(({ text }) => text);
    assert.deepEqual(texts, ["\ufeffa", "\ufeffb"]);
  });

  it("the second of two carriage returns stays inside a line", () => {
    const classic = parseIgnoreFile(Buffer.from("a\rb\r\n"), "classic");
    assert.deepEqual(
      classic.patterns.map(({ text }) => text),
      ["a\rb"],
    );
    assert.deepEqual(classic.problems, []);
  });
});

describe("an ignore file is refused", () => {
  const longest = "a".repeat(65_535);
  const table: readonly (readonly [
    name: string,
    text: string | Uint8Array,
    line: number | undefined,
    reason: RegExp,
  ])[] = [
    ["for a lone exclamation mark", "a\n!\n", 2, /illegal exclusion pattern/],
    ["for a lone exclamation mark and a slash", "!//", 1, /illegal exclusion pattern/],
    ["for an open bracket", "a\n\nb[\n", 3, /syntax error in pattern/],
    ["for a line of 65,536 bytes, even a comment", `x[\n#${longest}\n`, 2, /token too long/],
    ["for a control character", "a\nb\tc\n", 2, /non-printable/],
    ["for a control character before an open bracket", "b[\nc\td\n", 2, /non-printable/],
    [
      "for an open bracket before bytes that are not UTF-8",
      Buffer.from("a\n\xe9\nb[", "latin1"),
      3,
      /syntax error in pattern/,
    ],
    ["for bytes that are not UTF-8", Buffer.from("a\nd\xe9p\xf4t\n", "latin1"), 2, /invalid UTF-8/],
  ];
  for (const [name, text, line, reason] of table) {
    it(name, () => {
      const [problem] = parseIgnoreFile(Buffer.from(text), "buildkit").problems;
      assert.equal(problem?.line, line);
      assert.match(problem?.reason ?? "", reason);
    });
  }

  const accepted: readonly (readonly [name: string, text: string | Uint8Array, builder: "buildkit" | "classic"])[] = [
    ["a line of 65,535 bytes", `${longest}\n`, "buildkit"],
    ["a last line of 65,535 bytes", longest, "buildkit"],
    ["a control character beside a name that is not ASCII", "a\tb\né", "buildkit"],
    ["a control character, by classic", "a\tb", "classic"],
    ["bytes that are not UTF-8, by classic", Buffer.from([0x61, 0xe9]), "classic"],
    ["UTF-16", Buffer.from("\ufeff*\n", "utf16le"), "buildkit"],
    ["bytes that are not UTF-8 in a comment", Buffer.from("#\xe9", "latin1"), "buildkit"],
  ];
  for (const [name, text, builder] of accepted) {
    it(`but not for ${name}`, () => assert.deepEqual(parseIgnoreFile(Buffer.from(text), builder).problems, []));
  }
});

describe("a fault is placed in its line", () => {
  const table: readonly (readonly [line: string, column: number])[] = [
    ["a[", 2],
    ["  !ab[", 6],
    ["😀[", 3],
    ["/a/b\\", 5],
    ["[]a]", 1],
    ["*[b", 2],
    ["./x/../a[b", 9],
    ["a//b[", 1],
    ["! ", 1],
    ["ab\tc", 3],
    ["[z-a]", 4],
    [" !foo/[z-a]*", 10],
    ["a*[", 3],
    ["**/x*{2}", 8],
    ["😀?\\y", 4],
    ["*\\pX", 4],
  ];
  for (const [line, column] of table) {
    it(`${JSON.stringify(line)}: column ${column}`, () => {
      const { patterns, problems } = parseIgnoreFile(Buffer.from(`x\n${line}\n`), "buildkit");
      assert.equal((problems[0] ?? problemOf(patterns[1]))?.column, column);
    });
  }
});

function problemOf(pattern: IgnorePattern | undefined): IgnoreProblem | undefined {
  try {
    compilePattern(pattern?.text ?? "");
  } catch (error) {
    if (pattern && error instanceof GoRegexpError) return malformed(pattern, error.at);
    throw error;
  }
  return undefined;
}
