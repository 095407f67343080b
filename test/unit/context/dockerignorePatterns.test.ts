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
