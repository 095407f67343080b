import type { FindingCode, Severity } from "../../src/core/context/lint/state/finding";

/** A folder in which one kind of finding is to be seen, and what fixes it. */
export interface FindingCase {
  readonly code: FindingCode;
  readonly truth: string;
  readonly files: Readonly<Record<string, string>>;
  /** The file that is opened; default is `.dockerignore`. */
  readonly open?: string;
  /** The file that the finding stands in, where it is another one. */
  readonly in?: string;
  /** Line, first column and the column after, counted from 0 as VS Code does. */
  readonly at: readonly [line: number, from: number, to: number];
  readonly severity: Severity;
  readonly says: RegExp;
  /** What a hover tells of the reason. */
  readonly explains?: RegExp;
  /** The title of the first fix; nothing if there is none. */
  readonly fix?: RegExp;
  /** What it stops sending, and starts. */
  readonly stops?: readonly string[];
  readonly starts?: readonly string[];
}

const ten = "0123456789";
const app = { Dockerfile: "FROM scratch\nCOPY . /\n", "src/app.js": ten, "package.json": ten };

/** All kinds of findings, in the order of their codes. */
export const findingCases: readonly FindingCase[] = [
  {
    code: "backslash-misread",
    truth: "a path of Windows",
    files: { ...app, ".dockerignore": "src\\app.js\n" },
    at: [0, 3, 5],
    severity: "warning",
    says: /does not separate folders/,
    fix: /^Replace with "src\/app.js": stops sending 1 file, 10 B; no other changes$/,
    stops: ["src/app.js"],
  },
  {
    code: "builders-differ",
    truth: "ZenML's leak",
    files: {
      ...app,
      ".dockerignore": "# keys\n**/secrets\n!secrets.example\n",
      ".zen/config.yaml": ten,
      "secrets/key.txt": ten,
      "secrets.example": ten,
    },
    at: [1, 0, 10],
    severity: "warning",
    says: /ZenML sends 1 file, 10 B \("secrets\/key.txt"\), which line 2 excludes in this build/,
    explains: /with `\*\*\/secrets` and `!secrets.example` it sends `secrets\/key.pem`/,
    fix: /^Add "\*\*\/secrets\/\*\*" below for ZenML: the same files are sent$/,
  },
  {
    code: "case-differs",
    truth: "a file in capitals",
    files: { ...app, ".dockerignore": "  readme.md\n", "README.md": ten },
    at: [0, 2, 11],
    severity: "warning",
    says: /the path is "README.md", and patterns are case-sensitive/,
    fix: /^Replace with "README.md": stops sending 1 file, 10 B;/,
    stops: ["README.md"],
  },
  {
    code: "clutter-sent",
    truth: "installed packages",
    files: { ...app, ".dockerignore": "*.md\n", "web/node_modules/x/index.js": ten },
    at: [0, 0, 4],
    severity: "warning",
    says: /^"node_modules" \(.*\) is sent: 1 file/,
    fix: /node_modules.*: stops sending 1 file, 10 B;/,
    stops: ["web/node_modules/x/index.js"],
  },
  {
    code: "copy-source-excluded",
    truth: "a source that a line keeps out",
    files: {
      ".dockerignore": "*.json\n",
      Dockerfile: "FROM scratch\nCOPY src \\\n  package.json /\n",
      "src/app.js": ten,
      "package.json": ten,
    },
    in: "Dockerfile",
    at: [2, 2, 14],
    severity: "error",
    says: /^This COPY fails: line 1 of .dockerignore/,
    fix: /^Add "!package.json" to .dockerignore: starts sending 1 file, 10 B; no other changes$/,
    starts: ["package.json"],
  },
  {
    code: "duplicate-line",
    truth: "a line twice, in a file with Windows' line ends",
    files: { ...app, ".dockerignore": "src\r\n*.md\r\nsrc\r\n" },
    at: [2, 0, 3],
    severity: "hint",
    says: /is already covered by line 1/,
    fix: /^Delete line 3: the same files are sent$/,
  },
  {
    code: "exception-in-skipped-folder",
    truth: "a wildcard that BuildKit cuts off",
    files: { ".dockerignore": "*\n!a/*/**\n", "a/b/c": ten, x: ten },
    at: [1, 0, 7],
    severity: "warning",
    says: /Builders skip the folder "a\/b"/,
    fix: /^Replace with "!a\/\*\*": starts sending 1 file, 10 B;/,
    starts: ["a/b/c"],
  },
  {
    code: "exception-leaves-content-out",
    truth: "a folder that was never excluded",
    files: { ".dockerignore": "**/*.pyc\n!lib\n", "lib/a.pyc": ten, "lib/b.py": ten },
    at: [1, 0, 4],
    severity: "information",
    says: /1 file, 10 B stay excluded by line 1/,
    fix: /^Replace with "!lib\/\*\*": starts sending 1 file, 10 B;/,
    starts: ["lib/a.pyc"],
  },
  {
    code: "exception-too-early",
    truth: "an exception before the line that it takes back",
    files: { ".dockerignore": "!src/app.js\n**/*.js", "src/app.js": ten, "b.js": ten },
    at: [0, 0, 11],
    severity: "warning",
    says: /comes too early/,
    fix: /^Move "!src\/app.js" to the end: starts sending 1 file, 10 B;/,
    starts: ["src/app.js"],
  },
  {
    code: "exception-without-effect",
    truth: "an exception for what is sent anyway",
    files: { ...app, ".dockerignore": "*.md\n!src\n" },
    at: [1, 0, 4],
    severity: "information",
    says: /no line excludes any/,
    fix: /^Delete line 2: the same files are sent$/,
  },
  {
    code: "file-arrives-empty",
    truth: "BuildKit's defect",
    files: { ".dockerignore": "*\n!data/sample.csv\ndata\n", "data/sample.csv": ten, x: ten },
    at: [1, 0, 16],
    severity: "warning",
    says: /sends 1 file empty: "data\/sample.csv"/,
    explains: /BuildKit lists a build context by one rule and opens its files by another/,
    fix: /^Move "!data\/sample.csv" to the end: the same files are sent$/,
  },
  {
    code: "ignore-file-not-a-file",
    truth: "a folder in its place",
    files: { ...app, ".dockerignore/x": ten },
    open: "Dockerfile",
    in: ".dockerignore",
    at: [0, 0, 0],
    severity: "error",
    says: /is a folder/,
  },
  {
    code: "ignore-file-overridden",
    truth: "a Dockerfile's own ignore file",
    files: { ...app, ".dockerignore": "src\n", "Dockerfile.dockerignore": "*.md\n" },
    at: [0, 0, 3],
    severity: "information",
    says: /Builds of "Dockerfile" do not read this file/,
  },
  {
    code: "invalid-pattern",
    truth: "a bracket that is never closed",
    files: { ...app, ".dockerignore": "# names\n  a[  \n" },
    at: [1, 3, 4],
    severity: "error",
    says: /fails at "a\["/,
    fix: /^Replace with "a\\\["/,
  },
  {
    code: "invalid-regexp",
    truth: "a reversed range",
    files: { ...app, ".dockerignore": "x[z-a]\n" },
    at: [0, 0, 6],
    severity: "error",
    says: /Every build of this folder fails/,
    fix: /^Replace with "x\\\[z-a\]"/,
  },
  {
    code: "matches-a-file",
    truth: "a folder's pattern that means a file",
    files: { ...app, ".dockerignore": "build/\n", build: ten },
    at: [0, 0, 6],
    severity: "information",
    says: /1 file is matched too: "build"/,
  },
  {
    code: "matches-nothing",
    truth: "a slip of the finger, behind a byte order mark",
    files: { ...app, ".dockerignore": "\ufeffpackage.jsno\n" },
    at: [0, 0, 12],
    severity: "information",
    says: /"package.json" would/,
    fix: /^Replace with "package.json": stops sending 1 file, 10 B;/,
    stops: ["package.json"],
  },
  {
    code: "matches-only-at-root",
    truth: "a habit of .gitignore",
    files: { ...app, ".dockerignore": "__pycache__\n", "lib/__pycache__/a.pyc": ten },
    at: [0, 0, 11],
    severity: "warning",
    says: /only matches at the root/,
    fix: /^Replace with "\*\*\/__pycache__": stops sending 1 file, 10 B;/,
    stops: ["lib/__pycache__/a.pyc"],
  },
  {
    code: "never-matches",
    truth: "a folder outside of the context",
    files: { ...app, ".dockerignore": "src\n../other\n" },
    at: [1, 0, 8],
    severity: "warning",
    says: /never matches: it refers to/,
    fix: /^Delete line 2: the same files are sent$/,
  },
  {
    code: "no-ignore-file",
    truth: "a Dockerfile that names what it copies",
    files: { Dockerfile: "# hello\nFROM scratch\nCOPY src /\n", "src/app.js": ten, "notes.txt": ten },
    open: "Dockerfile",
    at: [1, 0, 12],
    severity: "hint",
    says: /There is no .dockerignore/,
    fix: /^Create .dockerignore with 2 lines: stops sending 2 files, 42 B; no other changes$/,
    stops: ["Dockerfile", "notes.txt"],
  },
  {
    code: "not-a-comment",
    truth: "a remark behind a pattern",
    files: { ...app, ".dockerignore": "src # the sources\n" },
    at: [0, 0, 17],
    severity: "warning",
    says: /is part of the pattern, not a comment/,
    fix: /^Move the comment above the line: stops sending 1 file, 10 B;/,
    stops: ["src/app.js"],
  },
  {
    code: "redundant-line",
    truth: "a line that another covers",
    files: { ...app, ".dockerignore": "src\n**/*.js\n" },
    at: [1, 0, 7],
    severity: "hint",
    says: /line 1 \("src"\) applies/,
    fix: /^Delete line 2: the same files are sent; a new file such as "new.js" would be sent$/,
  },
  {
    code: "secret-sent",
    truth: "environment settings, in a file of a Dockerfile's own",
    files: { "web.Dockerfile": "FROM scratch\nCOPY . /\n", "web.Dockerfile.dockerignore": "*.md\n", "api/.env": ten },
    open: "web.Dockerfile.dockerignore",
    at: [0, 0, 4],
    severity: "warning",
    says: /usually contains environment variables is sent: "api\/.env"/,
    fix: /: stops sending 1 file, 10 B; no other changes$/,
    stops: ["api/.env"],
  },
  {
    code: "unreadable-text",
    truth: "a control character",
    files: { ...app, ".dockerignore": "a\n lib/\u0007x\n" },
    at: [1, 1, 7],
    severity: "error",
    says: /control character/,
    fix: /^Remove the control character/,
  },
  {
    code: "wildcard-misread",
    truth: "braces",
    files: { ...app, ".dockerignore": "*.{json,ts}\n" },
    at: [0, 2, 11],
    severity: "warning",
    says: /builders do not support braces/,
    fix: /^Replace with "\*.json" and "\*.ts": stops sending 1 file, 10 B;/,
    stops: ["package.json"],
  },
];
