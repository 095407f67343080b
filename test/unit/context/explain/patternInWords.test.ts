import assert from "node:assert/strict";
import { compilePattern } from "../../../../src/core/context/dockerignore/compilePattern";
import { patternInWords } from "../../../../src/core/context/explain/patternInWords";

/** A pattern, its words, and paths that prove them: those it matches by itself, and those it does not. */
const table: readonly (readonly [
  pattern: string,
  words: string,
  matched: readonly string[],
  others: readonly string[],
])[] = [
  ["node_modules", 'the file or folder "node_modules"', ["node_modules"], ["a/node_modules", "node_modules/x"]],
  ["a/b c", 'the file or folder "a/b c"', ["a/b c"], ["b c", "x/a/b c"]],
  ["a{b,c}|^d", 'the file or folder "a{b,c}|^d"', ["a{b,c}|^d"], ["ab", "d"]],
  ["**", "everything", ["a", "a/b"], []],
  ["*", "everything", ["a"], ["a/b"]],
  ["**/*", "everything", ["a", "a/b"], []],
  ["**/**", "everything", ["a", "a/b"], []],
  ["*/*", "everything in every folder at the root, but not the folders themselves", ["a/b"], ["a"]],
  ["docs/*", 'everything in "docs", but not the folder itself', ["docs/a"], ["docs", "x/docs/a"]],
  ["docs/**", 'everything in "docs", but not the folder itself', ["docs/a", "docs/a/b"], ["docs"]],
  ["|docs/**", 'everything in "|docs", but not the folder itself', ["|docs/a"], ["docs/a", "a"]],
  ["docs/**/*", 'everything in "docs", but not the folder itself', ["docs/a", "docs/a/b"], ["docs"]],
  ["docs**", 'every path that begins with "docs"', ["docs", "docs-old", "docs/a"], ["a/docs"]],
  [
    "**/node_modules",
    'every file or folder named "node_modules", at any depth',
    ["node_modules", "a/b/node_modules"],
    ["xnode_modules", "node_modules/a"],
  ],
  [
    "**node_modules",
    'every path that ends with "node_modules"',
    ["node_modules", "a/xnode_modules"],
    ["node_modules/a"],
  ],
  ["**/a/b", 'every "a/b", at any depth', ["a/b", "x/a/b"], ["xa/b", "b"]],
  [
    "**/foo/**",
    'everything in every folder named "foo" at any depth',
    ["foo/a", "x/foo/a/b", "foo/foo"],
    ["foo", "x/foo"],
  ],
  ["*.log", 'every file or folder whose name ends with ".log" at the root', [".log", "a.log"], ["a/b.log", "log"]],
  ["**/*.log", 'every file or folder whose name ends with ".log", at any depth', ["a.log", "a/b.log"], ["a.log/b"]],
  ["docs/*.md", 'every file or folder whose name ends with ".md" in "docs"', ["docs/a.md"], ["a.md", "docs/a/b.md"]],
  [
    "docs/**/*.md",
    'every file or folder whose name ends with ".md" at any depth in "docs"',
    ["docs/a.md", "docs/a/b.md"],
    ["a.md"],
  ],
  [".env*", 'every file or folder whose name begins with ".env" at the root', [".env", ".env.local"], ["a/.env"]],
  ["*cache*", 'every file or folder whose name contains "cache" at the root', ["cache", ".pytest_cache"], ["a/cache"]],
  [
    "a*.ts",
    'every file or folder whose name begins with "a" and ends with ".ts" at the root',
    ["a.ts", "abc.ts"],
    ["b.ts"],
  ],
  [
    "a*a",
    'every file or folder whose name is "a", then zero or more characters, then "a" at the root',
    ["aa", "aba"],
    ["a"],
  ],
  ["a?", 'every file or folder whose name is "a", then one character at the root', ["ab", "a😀"], ["a", "abc", "a/b"]],
  [
    "**/*.py[cod]",
    'every file or folder whose name is zero or more characters, then ".py", then one of the characters `cod`, ' +
      "at any depth",
    ["a.pyc", "x/a.pyo"],
    ["a.py", "a.pyx"],
  ],
  ["[!a]", "every file or folder whose name is one of the characters `!a` at the root", ["!", "a"], ["b"]],
  ["*/src", 'every file or folder named "src" in every folder at the root', ["a/src"], ["src", "a/b/src"]],
  [
    "a*/**/x",
    'every file or folder named "x" at any depth in every folder whose name begins with "a" at the root',
    ["a/x", "ab/c/x"],
    ["x", "b/x"],
  ],
  ["\\*.md", 'the file or folder "*.md"', ["*.md"], ["a.md"]],
  ["a\\{b\\}*", 'every file or folder whose name begins with "a{b}" at the root', ["a{b}c"], ["ab"]],
  [".", "nothing, because no path in the folder has this form", [], ["a"]],
  ["../a", "nothing, because no path in the folder has this form", [], ["a"]],
  ["*.{js,ts}", "every path that matches the regular expression `^[^/]*\\.{js,ts}$`", ["a.{js,ts}"], ["a.js"]],
  ["src\\app", "every path that matches the regular expression `^src\\app$`", ["src\u0007pp"], ["src/app", "srcapp"]],
  ["a**b", "every path that matches the regular expression `^a(.*/)?b$`", ["ab", "ax/b"], ["axb"]],
  ["[^a]", "every path that matches the regular expression `^[^a]$`", ["b"], ["a"]],
  ["x[+-9]", "every path that matches the regular expression `^x[\\+-9]$`", ["x1", "x/"], ["xa"]],
  ["*a|b", "every path that matches the regular expression `^[^/]*a|b$`", ["xa", "ab", "a/b"], ["c"]],
  ["[*]", "every path that matches the regular expression `^[[^/]*]$`", ["[]", "^]", "]"], ["*"]],
];

describe("a pattern in words", () => {
  for (const [pattern, words, matched, others] of table) {
    it(`\`${pattern}\` is ${words}`, () => {
      assert.equal(patternInWords(pattern), words);
      const { automaton } = compilePattern(pattern);
      const matches = (path: string): boolean => automaton.run(automaton.start, path).accepts;
      assert.deepEqual([matched.filter(matches), others.filter(matches)], [matched, []]);
    });
  }
});
