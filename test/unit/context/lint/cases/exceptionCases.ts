import { app, type CaseTable } from "./ruleCases";

/** Exceptions that do not do what they say. */
export const exceptionCases: CaseTable = {
  "exception-without-effect": {
    found: [
      {
        truth: "nothing was excluded",
        text: "*.md\n!src\n",
        files: app,
        at: "!src",
        line: 2,
        severity: "information",
        says: /no line excludes any of the 1 file/,
        fixed: "*.md\n",
      },
      {
        truth: "another exception does the same",
        text: "*\n!src\n!src/app.js\n",
        files: app,
        at: "!src/app.js",
        line: 3,
        severity: "hint",
        says: /line 2 \("!src"\) applies/,
        fixed: "*\n!src\n",
      },
      {
        truth: "the folder of what a line above excludes",
        text: "src/made\n!src\n",
        files: [...app, "src/made/b.js"],
        at: "!src",
        line: 2,
        severity: "information",
        says: /line 1 \("src\/made"\) still applies to the paths that it matches\.$/,
        fixed: "src/made\n",
      },
    ],
    silent: [
      { truth: "an exception that brings something back", text: "*\n!src\n", files: app },
      {
        truth: "an exception that only keeps a folder from being skipped",
        text: "d\n!d/*/keep\n!x/*y\n",
        files: ["d/a/keep", "d/b"],
      },
    ],
  },
  "exception-too-early": {
    found: [
      {
        truth: "the exception before the rule",
        text: "!src/app.js\n**/*.js\n",
        files: [...app, "b.js"],
        at: "!src/app.js",
        severity: "warning",
        says: /line 2 .* excludes 1 file, 10 B again: "src\/app.js"/,
        fixed: "**/*.js\n!src/app.js\n",
        starts: ["src/app.js"],
      },
      {
        truth: "in a file without a last line end",
        text: "!package.json\n*.json",
        files: app,
        at: "!package.json",
        severity: "warning",
        says: /line 2/,
        fixed: "*.json\n!package.json\n",
        starts: ["package.json"],
      },
    ],
    silent: [
      { truth: "the exception after the rule", text: "**/*.js\n!src/app.js\n", files: app },
      {
        truth: "a rule that takes back a part of the exception",
        text: "*\n!src\nsrc/app.js\n",
        files: [...app, "src/b.js"],
      },
    ],
  },
  "exception-in-skipped-folder": {
    found: [
      {
        truth: "a wildcard that BuildKit cuts off",
        text: "*\n!a/*/**\n",
        files: ["a/b/c", "a/d/e", "x"],
        at: "!a/*/**",
        line: 2,
        severity: "warning",
        says: /does not re-include 2 files, 20 B .*"a\/b\/c", "a\/d\/e".*Builders skip the folder "a\/b"/,
        fixed: "*\n!a/**\n",
        starts: ["a/b/c", "a/d/e"],
      },
      {
        truth: "any wildcard, for the classic builder",
        builder: "classic",
        text: "*\n!**/*.py\n",
        files: ["a/b.py", "x"],
        at: "!**/*.py",
        line: 2,
        severity: "warning",
        says: /Builders skip the folder "a"/,
        fixed: "*\n!a/*.py\n!**/*.py\n",
        starts: ["a/b.py"],
      },
    ],
    silent: [
      { truth: "any wildcard, for BuildKit", text: "*\n!**/*.py\n", files: ["a/b.py", "x"] },
      { truth: "an exception that begins with the folder", text: "*\n!a/**\n", files: ["a/b/c", "x"] },
    ],
  },
  "file-arrives-empty": {
    found: [
      {
        truth: "the defect at its smallest",
        text: "*\n!data/sample.csv\ndata\n",
        files: ["data/sample.csv=3", "x"],
        at: "!data/sample.csv",
        line: 2,
        severity: "warning",
        says: /1 file empty: "data\/sample.csv"\. Line 2 .* includes it, and line 3 \("data"\) prevents BuildKit from/,
        fixed: "*\ndata\n!data/sample.csv\n",
      },
    ],
    silent: [
      {
        truth: "the classic builder, which has no such defect",
        builder: "classic",
        text: "*\n!data/sample.csv\ndata\n",
        files: ["data/sample.csv=3", "x"],
      },
      { truth: "a file that is empty anyway", text: "*\n!data/sample.csv\ndata\n", files: ["data/sample.csv=0", "x"] },
      { truth: "the exception after the rule", text: "*\ndata\n!data/sample.csv\n", files: ["data/sample.csv=3", "x"] },
    ],
  },
  "exception-leaves-content-out": {
    found: [
      {
        truth: "a folder that was never excluded",
        text: "**/*.pyc\n!lib\n",
        files: ["lib/a.pyc", "lib/b.py", "c.pyc"],
        at: "!lib",
        line: 2,
        severity: "information",
        says: /1 file, 10 B stay excluded by line 1 .*"lib\/a.pyc"/,
        fixed: "**/*.pyc\n!lib/**\n",
        starts: ["lib/a.pyc"],
      },
    ],
    silent: [
      { truth: "a rule after the exception", text: "*\n!lib\n**/*.pyc\n", files: ["lib/a.pyc", "lib/b.py"] },
      {
        truth: "an exception for all that is in the folder",
        text: "**/*.pyc\n!lib/**\n",
        files: ["lib/a.pyc", "lib/b.py"],
      },
    ],
  },
};
