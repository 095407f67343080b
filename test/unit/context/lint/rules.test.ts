import assert from "node:assert/strict";
import type { FindingCode, Severity } from "../../../../src/core/context/lint/state/finding";
import { rules } from "../../../../src/core/context/lint/rules";
import { effectOf, findingOf, findingsOf, offeredFixes, textAt, withFix, type Setting } from "./support";

interface Found extends Setting {
  readonly truth: string;
  /** What the range covers, of the ignore file or the Dockerfile. */
  readonly at: string;
  readonly line?: number;
  readonly severity: Severity;
  readonly says: RegExp;
  /** The file's text after the first fix that is offered; nothing if none is. */
  readonly mended?: string;
  readonly stops?: readonly string[];
  readonly starts?: readonly string[];
  /** Whether the finding stays until something else is done. */
  readonly stays?: boolean;
}

interface Cases {
  readonly found: readonly Found[];
  readonly silent?: readonly (Setting & { readonly truth: string })[];
}

const app = ["Dockerfile", ".dockerignore", "src/app.js", "package.json"];

const table: Readonly<Partial<Record<FindingCode, Cases>>> = {
  "invalid-pattern": {
    found: [
      { truth: "an open bracket", text: "src\n  a[  \n", files: app, at: "[", line: 2, severity: "error", says: /fails at "a\["/, mended: "src\na\\[\n" },
      { truth: "an open bracket, without a tree", text: "a[", at: "[", severity: "error", says: /malformed/, mended: "a\\[" },
      { truth: "a backslash at the end", text: "a\\\nb\n", files: app, at: "\\", severity: "error", says: /malformed/, mended: "a\\\\\nb\n" },
      { truth: "an exclamation mark alone", text: "a\n!\n", files: app, at: "!", line: 2, severity: "error", says: /no path follows/, mended: "a\n" },
      { truth: "an exclamation mark and a slash", text: "!/", files: app, at: "!/", severity: "error", says: /no path follows/, mended: "" },
    ],
    silent: [
      { truth: "brackets that are closed", text: "[ab]\na[^x]\n", files: app },
      { truth: "an escaped bracket", text: "\\[a\n", files: app },
      { truth: "a broken line that is a comment", text: "# a[\n", files: app },
    ],
  },
  "invalid-regexp": {
    found: [
      { truth: "a reversed range that is tried", text: "x[z-a]\n", files: app, at: "x[z-a]", severity: "error", says: /Every build of this folder fails.*tried on "Dockerfile|tried on ".dockerignore/, mended: "x\\[z-a]\n" },
      { truth: "a reversed range behind a line that leaves nothing to try", text: "**\nx[z-a]\n", files: app, at: "x[z-a]", line: 2, severity: "warning", says: /will fail/, mended: "**\nx\\[z-a]\n" },
      { truth: "without a tree it is only known to fail some day", text: "*{2}\n", at: "*{2}", severity: "warning", says: /will fail/, mended: "*\\{2\\}\n" },
      { truth: "an unknown escape", text: "src\\yy\n", files: app, at: "src\\yy", severity: "error", says: /regular expression/, mended: "srcyy\n" },
    ],
    silent: [{ truth: "an escape that is known", text: "\\d\n", files: app }],
  },
  "unreadable-text": {
    found: [
      { truth: "a control character", text: "a\n src/\u0007x\n", files: app, at: "src/\u0007x", line: 2, severity: "error", says: /control character/, mended: "a\n src/x\n" },
      { truth: "a byte order mark in the middle", text: "a\n\ufeffsrc\n", files: app, at: "\ufeffsrc", line: 2, severity: "warning", says: /looks like "src"/, mended: "a\nsrc\n", stops: ["src/app.js"] },
      { truth: "a line of more than 65,535 bytes", text: `${"a".repeat(65536)}\n`, files: app, at: "a".repeat(65536), severity: "error", says: /too long/, stays: true },
    ],
    silent: [
      { truth: "a byte order mark at the start", text: "\ufeffsrc\n", files: app },
      { truth: "Windows line ends", text: "src\r\n*.md\r\n", files: app },
      { truth: "a control character beside a pattern that is not ASCII", text: "a\u0007\né\n", files: app },
      { truth: "a control character for the classic builder", text: "a\u0007\n", files: app, builder: "classic" },
    ],
  },
  "not-a-comment": {
    found: [
      { truth: "a remark behind a pattern", text: "src # the sources\n", files: app, at: "src # the sources", severity: "warning", says: /"# the sources" is no comment/, mended: "# the sources\nsrc\n", stops: ["src/app.js"] },
      { truth: "an indented remark", text: "src\n  # more\n", files: app, at: "# more", line: 2, severity: "warning", says: /first column/, mended: "src\n# more\n" },
      { truth: "without a tree", text: " # more\n", at: "# more", severity: "warning", says: /first column/, mended: "# more\n" },
    ],
    silent: [
      { truth: "a remark in the first column", text: "# src # x\n", files: app },
      { truth: "a name with # that is there", text: "a #1\n", files: [...app, "a #1"] },
      { truth: "# inside a name", text: "c#\n", files: app },
    ],
  },
  "matches-nothing": {
    found: [
      { truth: "a name that is not there", text: "src\nfixtures.sql\n", files: app, at: "fixtures.sql", line: 2, severity: "hint", says: /matches nothing/, mended: "src\n" },
      { truth: "a slip of the finger", text: "package.jsno\n", files: app, at: "package.jsno", severity: "information", says: /"package.json" would/, mended: "package.json\n", stops: ["package.json"] },
      { truth: "a path that begins above the context", text: "/myproject/src\n", files: app, at: "/myproject/src", severity: "information", says: /"src" would/, mended: "src\n", stops: ["src/app.js"] },
      { truth: "a slip in an exception", text: "*\n!src/ap.js\n", files: app, at: "!src/ap.js", line: 2, severity: "information", says: /"src\/app.js" would/, mended: "*\n!src/app.js\n", starts: ["src/app.js"] },
    ],
    silent: [
      { truth: "what matches only below a skipped folder", text: "src\nsrc/app.js\n", files: app },
      { truth: "a slip that is none: what tools leave behind", text: ".venv\n", files: [...app, "venv/x"] },
      { truth: "what tools leave behind", text: "node_modules\n*.log\n.env\ndist\n**/__pycache__\nnpm-debug.log\n", files: app },
      { truth: "an empty tree", text: "fixtures.sql\n", files: [] },
      { truth: "an empty folder", text: "empty\n", files: [...app, "empty/"] },
    ],
  },
  "never-matches": {
    found: [".", "./", "/", "..", "../x", "!.", "a/..", "!../x"].map((line) => ({
      truth: line,
      text: `src\n${line}\n`,
      files: app,
      at: line,
      line: 2,
      severity: "warning" as const,
      says: /never matches/,
      mended: "src\n",
    })),
    silent: [{ truth: "dots that come to something", text: "./src\n/../src/x\n.x\n..x\n", files: app }],
  },
  "redundant-line": {
    found: [
      { truth: "a file below an excluded folder, by wildcard", text: "src\n**/*.js\n", files: app, at: "**/*.js", line: 2, severity: "hint", says: /line 1 \("src"\) decides on the 1 file/, mended: "src\n" },
      { truth: "a line that a later one covers", text: "src/*.js\nsrc\n", files: app, at: "src/*.js", severity: "hint", says: /line 2/, mended: "src\n" },
    ],
    silent: [
      { truth: "lines that each do something", text: "src\n*.json\n", files: app },
      { truth: "an exclusion that an exception needs", text: "*\n!src\nsrc/app.js\n", files: app },
    ],
  },
  "duplicate-line": {
    found: [
      { truth: "the same line twice", text: "src\n*.md\nsrc\n", files: app, at: "src", line: 3, severity: "hint", says: /again what line 1/, mended: "src\n*.md\n" },
      { truth: "the same path in other words", text: "src\n./src/\n", at: "./src/", line: 2, severity: "hint", says: /line 1/, mended: "src\n" },
      { truth: "what is below a folder that is out", text: "src\nsrc/app.js\n", files: app, at: "src/app.js", line: 2, severity: "hint", says: /"src" keeps that out already/, mended: "src\n" },
      { truth: "a name that is out everywhere", text: "**/node_modules\nweb/node_modules/\n", at: "web/node_modules/", line: 2, severity: "hint", says: /"\*\*\/node_modules" keeps/, mended: "**/node_modules\n" },
      { truth: "the last line, which has no line end", text: "src\nsrc", at: "src", line: 2, severity: "hint", says: /line 1/, mended: "src" },
      { truth: "an exception twice", text: "*\n!src\n!src\n", files: app, at: "!src", line: 3, severity: "hint", says: /line 2/, mended: "*\n!src\n" },
    ],
    silent: [
      { truth: "an exception between", text: "src\n!src/app.js\nsrc\n", files: app },
      { truth: "an exception before, which may keep the line from being tried", text: "!src/a\nsrc\nsrc/b\n", files: app },
      { truth: "a name that only begins the same", text: "src\nsrcs/a\n", files: app },
      { truth: "a wildcard that seems to cover", text: "*\nsrc/app.js\n" },
      { truth: "a line and its exception", text: "src\n!src\n", files: app },
    ],
  },
  "exception-without-effect": {
    found: [
      { truth: "nothing was excluded", text: "*.md\n!src\n", files: app, at: "!src", line: 2, severity: "information", says: /no line excludes any of the 1 file/, mended: "*.md\n" },
      { truth: "another exception does the same", text: "*\n!src\n!src/app.js\n", files: app, at: "!src/app.js", line: 3, severity: "hint", says: /line 2 \("!src"\) decides/, mended: "*\n!src\n" },
    ],
    silent: [
      { truth: "an exception that brings something back", text: "*\n!src\n", files: app },
      { truth: "an exception that only keeps a folder from being skipped", text: "d\n!d/*/keep\n!x/*y\n", files: ["d/a/keep", "d/b"] },
    ],
  },
  "exception-too-early": {
    found: [
      { truth: "the exception before the rule", text: "!src/app.js\n**/*.js\n", files: [...app, "b.js"], at: "!src/app.js", severity: "warning", says: /line 2 .* excludes 1 file, 10 B again: "src\/app.js"/, mended: "**/*.js\n!src/app.js\n", starts: ["src/app.js"] },
      { truth: "in a file without a last line end", text: "!package.json\n*.json", files: app, at: "!package.json", severity: "warning", says: /line 2/, mended: "*.json\n!package.json\n", starts: ["package.json"] },
    ],
    silent: [
      { truth: "the exception after the rule", text: "**/*.js\n!src/app.js\n", files: app },
      { truth: "a rule that takes back a part of the exception", text: "*\n!src\nsrc/app.js\n", files: [...app, "src/b.js"] },
    ],
  },
  "exception-in-skipped-folder": {
    found: [
      { truth: "a wildcard that BuildKit cuts off", text: "*\n!a/*/**\n", files: ["a/b/c", "a/d/e", "x"], at: "!a/*/**", line: 2, severity: "warning", says: /does not bring back 2 files, 20 B .*"a\/b\/c", "a\/d\/e".*folder "a\/b" is skipped/, mended: "*\n!a/**\n", starts: ["a/b/c", "a/d/e"] },
      { truth: "any wildcard, for the classic builder", builder: "classic", text: "*\n!**/*.py\n", files: ["a/b.py", "x"], at: "!**/*.py", line: 2, severity: "warning", says: /folder "a" is skipped/, mended: "*\n!a/*.py\n!**/*.py\n", starts: ["a/b.py"] },
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
        says: /sends 1 file empty: "data\/sample.csv"\. Line 2 .* lets it in, and line 3 \("data"\) keeps BuildKit from opening it/,
        mended: "*\ndata\n!data/sample.csv\n",
      },
    ],
    silent: [
      { truth: "the classic builder, which has no such defect", builder: "classic", text: "*\n!data/sample.csv\ndata\n", files: ["data/sample.csv=3", "x"] },
      { truth: "a file that is empty anyway", text: "*\n!data/sample.csv\ndata\n", files: ["data/sample.csv=0", "x"] },
      { truth: "the exception after the rule", text: "*\ndata\n!data/sample.csv\n", files: ["data/sample.csv=3", "x"] },
    ],
  },
  "exception-leaves-content-out": {
    found: [
      { truth: "a folder that was never excluded", text: "**/*.pyc\n!lib\n", files: ["lib/a.pyc", "lib/b.py", "c.pyc"], at: "!lib", line: 2, severity: "information", says: /1 file, 10 B stay out by line 1 .*"lib\/a.pyc"/, mended: "**/*.pyc\n!lib/**\n", starts: ["lib/a.pyc"] },
    ],
    silent: [
      { truth: "a rule after the exception", text: "*\n!lib\n**/*.pyc\n", files: ["lib/a.pyc", "lib/b.py"] },
      { truth: "an exception for all that is in the folder", text: "**/*.pyc\n!lib/**\n", files: ["lib/a.pyc", "lib/b.py"] },
    ],
  },
  "matches-only-at-root": {
    found: [
      { truth: "installed packages further down", text: "node_modules\n", files: [...app, "node_modules/a/i.js", "web/node_modules/b/i.js=900", "web/node_modules/b/node_modules/c"], at: "node_modules", severity: "warning", says: /1 path of that name further down is still sent.*"web\/node_modules"/, mended: "**/node_modules\n", stops: ["web/node_modules/b/i.js", "web/node_modules/b/node_modules/c"] },
      { truth: "logs further down", text: "*.log/\n", files: [...app, "a.log", "logs/b.log"], at: "*.log/", severity: "warning", says: /"logs\/b.log"/, mended: "**/*.log\n", stops: ["logs/b.log"] },
      { truth: "a kind of file at the root and further down", text: "*.md\n", files: [...app, "README.md", "src/notes.md"], at: "*.md", severity: "information", says: /"src\/notes.md"/, mended: "**/*.md\n", stops: ["src/notes.md"] },
    ],
    silent: [
      { truth: "a name that is only further down, where it may be of sources", text: "drafts\n", files: [...app, "src/drafts/a"] },
      { truth: "a plain name at the root", text: "docs\n", files: [...app, "docs/a", "src/docs/b"] },
      { truth: "a name that is meant for the root", text: "/node_modules\n", files: [...app, "web/node_modules/b"] },
      { truth: "what is out by another line", text: "web\nnode_modules\n", files: [...app, "web/node_modules/b"] },
      { truth: "a name that an exception lets in at the root", text: ".env*\n!.env.example\n", files: [...app, ".env", ".env.example"] },
      { truth: "a name that is nowhere else", text: "node_modules\n", files: [...app, "node_modules/b"] },
    ],
  },
  "matches-a-file": {
    found: [
      { truth: "a file of that name", text: "build/\n", files: [...app, "build"], at: "build/", severity: "information", says: /1 file is meant too: "build"/, stays: true },
      { truth: "a wildcard for folders", text: "*/\n", files: app, at: "*/", severity: "information", says: /3 files are meant too/, stays: true },
    ],
    silent: [
      { truth: "a folder of that name", text: "src/\n", files: app },
      { truth: "no slash at the end", text: "build\n", files: [...app, "build"] },
    ],
  },
  "wildcard-misread": {
    found: [
      { truth: "braces", text: "*.{json,js}\n", files: app, at: "{json,js}", severity: "warning", says: /builders know no braces.*matches nothing/, mended: "*.json\n*.js\n", stops: ["package.json"] },
      { truth: "braces in braces, in an exception", text: "*\n!{src/{a,app}.js,b}\n", files: app, at: "{a,app}", line: 2, severity: "warning", says: /braces/, mended: "*\n!src/a.js\n!b\n!src/app.js\n", starts: ["src/app.js"] },
      { truth: "a bar between names", text: "src|docs\n", files: app, at: "|", severity: "warning", says: /looked for as a character/, mended: "src\ndocs\n", stops: ["src/app.js"] },
      { truth: "a bar between wildcards", text: "*.md|*.json\n", files: app, at: "|", severity: "warning", says: /regular expressions.*matches 1 file here/, mended: "*.md\n*.json\n" },
      { truth: "a negation of shells", text: "[!s]rc\n", files: app, at: "[!", severity: "warning", says: /exclamation mark/, mended: "[^s]rc\n", starts: ["src/app.js"] },
      { truth: "a wildcard in brackets", text: "a[*]\n", files: [...app, "a*"], at: "[*]", severity: "warning", says: /translated inside/, mended: "a\\*\n", stops: ["a*"] },
      { truth: "a count", text: "a{2}?\n", files: app, at: "{2}", severity: "warning", says: /repeats/, mended: "a\\{2\\}?\n" },
      { truth: "a circumflex inside", text: "a^b*\n", files: [...app, "a^b1"], at: "^", severity: "warning", says: /beginning of the path/, mended: "a\\^b*\n", stops: ["a^b1"] },
    ],
    silent: [
      { truth: "a file that is named so", text: "a{b,c}\n", files: [...app, "a{b,c}"] },
      { truth: "a count without wildcards, which is literal", text: "a{2}\n", files: app },
      { truth: "negation as Go has it, and escapes", text: "[^a]x\n\\{a,b}\na\\|b\n", files: app },
      { truth: "parentheses, which are literal", text: "a(b)*\n", files: app },
    ],
  },
  "backslash-misread": {
    found: [
      { truth: "a path of Windows", text: "src\\app.js\n", files: app, at: "\\a", severity: "warning", says: /does not separate folders/, mended: "src/app.js\n", stops: ["src/app.js"] },
      { truth: "a class", text: "a\\d\n", files: app, at: "\\d", severity: "warning", says: /any digit/, mended: "a/d\n" },
    ],
    silent: [{ truth: "an escaped wildcard or dot", text: "a\\*\n\\.x\n\\#a\n\\!a\n", files: app }],
  },
  "case-differs": {
    found: [
      { truth: "a file in capitals", text: "readme.md\n", files: [...app, "README.md"], at: "readme.md", severity: "warning", says: /written "README.md"/, mended: "README.md\n", stops: ["README.md"] },
      { truth: "a folder on the way", text: "SRC/app.js\n", files: app, at: "SRC/app.js", severity: "warning", says: /"src\/app.js"/, mended: "src/app.js\n", stops: ["src/app.js"] },
      { truth: "an extension", text: "**/*.JS\n", files: app, at: "**/*.JS", severity: "warning", says: /"src\/app.js"/, mended: "**/*.js\n", stops: ["src/app.js"] },
      { truth: "a name in any folder", text: "**/App.js\n", files: app, at: "**/App.js", severity: "warning", says: /"src\/app.js"/, mended: "**/app.js\n", stops: ["src/app.js"] },
      { truth: "an exception", text: "*\n!Src\n", files: app, at: "!Src", line: 2, severity: "warning", says: /"src"/, mended: "*\n!src\n", starts: ["src/app.js"] },
    ],
    silent: [
      { truth: "a pattern that matches as it is", text: "README*\n", files: [...app, "README", "readme2"] },
      { truth: "an empty folder that is written so", text: "Empty\n", files: [...app, "Empty/", "empty/x"] },
      { truth: "classes, of which capitals mean the opposite", text: "\\pL\n", files: app },
      { truth: "nothing by that name", text: "changelog\n", files: app },
    ],
  },
  "copy-source-excluded": {
    found: [
      { truth: "a file that a line names", text: "*.json\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY src package.json /\n" }, at: "package.json", line: 2, severity: "error", says: /This COPY fails: line 1 of .dockerignore \("\*.json"\) keeps "package.json" out/, mended: "*.json\n!package.json\n", starts: ["package.json"] },
      { truth: "a folder, by ADD and JSON", text: "src\n", files: app, dockerfiles: { Dockerfile: 'FROM a\nADD ["src/", "/x/"]\n' }, at: '"src/"', line: 2, severity: "error", says: /This ADD fails/, mended: "", starts: ["src/app.js"] },
      { truth: "a bind mount", text: "src\n", files: app, dockerfiles: { Dockerfile: "FROM a\nRUN --mount=type=bind,source=src,target=/s x\n" }, at: "--mount=type=bind,source=src,target=/s", line: 2, severity: "error", says: /This RUN fails/, mended: "", starts: ["src/app.js"] },
      { truth: "a value of a variable", text: "dist\n", files: [...app, "dist/a"], dockerfiles: { Dockerfile: "FROM a\nARG D=dist\nCOPY $D /\n" }, at: "$D", line: 3, severity: "error", says: /"dist"/, mended: "", starts: ["dist/a"] },
      { truth: "a wildcard, with which BuildKit copies nothing", text: "*.json\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY *.json /\n" }, at: "*.json", line: 2, severity: "warning", says: /copies nothing: line 1/, mended: "", starts: ["package.json"] },
      { truth: "a wildcard in a folder that is out", text: "src\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY src/*.js /\n" }, at: "src/*.js", line: 2, severity: "error", says: /This COPY fails/, mended: "src\n!src/*.js\n", starts: ["src/app.js"] },
      { truth: "a wildcard, with which the classic builder fails", builder: "classic", text: "*.json\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY *.json /\n" }, at: "*.json", line: 2, severity: "error", says: /This COPY fails/, mended: "", starts: ["package.json"] },
      { truth: "a stage that nothing needs", text: "src\n", files: app, dockerfiles: { Dockerfile: "FROM a AS x\nCOPY src /\nFROM a\n" }, at: "src", line: 2, severity: "warning", says: /once this stage is built/, mended: "", starts: ["src/app.js"] },
      { truth: "a Dockerfile's own ignore file", file: "web.Dockerfile.dockerignore", text: "src\n", files: [...app, "web.Dockerfile", "web.Dockerfile.dockerignore"], dockerfiles: { "web.Dockerfile": "FROM a\nCOPY src /\n", Dockerfile: "FROM a\nCOPY src /\n" }, at: "src", line: 2, severity: "error", says: /line 1 of web.Dockerfile.dockerignore/, mended: "", starts: ["src/app.js"] },
    ],
    silent: [
      { truth: "what is there", text: "*\n!src\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY src /\nCOPY . /\n" } },
      { truth: "a folder of which something is left", text: "src/app.js\n", files: [...app, "src/b"], dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" } },
      { truth: "a folder of which nothing is left, which arrives empty", text: "src/*\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" } },
      { truth: "a folder that is the way to something let in", text: "src\n!src/app.js\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" } },
      { truth: "the whole context, whatever is in it", text: "*\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY . /\n" } },
      { truth: "everything hidden out, as Docker's own check once warned of", text: ".*\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY . .\n" } },
      { truth: "another stage's files", text: "src\n", files: app, dockerfiles: { Dockerfile: "FROM a AS b\nFROM c\nCOPY --from=b src /\n" } },
      { truth: "what is not there at all, and may be made before the build", text: "dist\n", files: app, dockerfiles: { Dockerfile: "FROM a\nCOPY dist /\n" } },
      { truth: "a variable that is not known", text: "src\n", files: app, dockerfiles: { Dockerfile: "FROM a\nARG D\nCOPY $D /\n" } },
      { truth: "a wildcard that still finds something", text: "package.json\n", files: [...app, "tsconfig.json"], dockerfiles: { Dockerfile: "FROM a\nCOPY *.json /\n" } },
      { truth: "a Dockerfile with an ignore file of its own", text: "src\n", files: [...app, "Dockerfile.dockerignore"], dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" } },
      { truth: "a silenced instruction", text: "src\n", files: app, dockerfiles: { Dockerfile: "FROM a\n# image-builders-ignore: copy-source-excluded\nCOPY --link \\\n  src /\n" } },
    ],
  },
  "secret-sent": {
    found: [
      { truth: "environment settings", text: "src\n", files: [...app, ".env", "api/.env.local", "api/.env.example"], at: "src", severity: "warning", says: /2 files that usually hold environment settings are sent: ".env", "api\/.env.local"/, mended: "src\n**/.env\n**/.env.local\n", stops: [".env", "api/.env.local"] },
      { truth: "a key that an exception lets in", text: "*\n!conf\n", files: ["conf/server.key", "x"], at: "!conf", line: 2, severity: "warning", says: /1 file that usually holds private keys is sent/, mended: "*\n!conf\n**/server.key\n", stops: ["conf/server.key"] },
      { truth: "many keys by their kind", text: "# none yet\n", files: Array.from("abcdefg", (name) => `${name}.key`), at: "# none yet", severity: "warning", says: /and 4 more/, mended: "# none yet\n**/*.key\n", stops: ["a.key", "b.key", "c.key"] },
      { truth: "a key in a stage that the platform may choose", text: "src\n", files: ["Dockerfile", "keys/id_rsa", "app"], dockerfiles: { Dockerfile: "FROM scratch AS base-amd64\nCOPY keys /keys/\nFROM base-${TARGETARCH}\nCOPY app /\n" }, at: "src", severity: "warning", says: /"keys\/id_rsa"/, mended: "src\n**/id_rsa\n", stops: ["keys/id_rsa"] },
      { truth: "a key below the part of a path that is known", text: "src\n", files: ["Dockerfile", "dist/a/id_rsa", "app"], dockerfiles: { Dockerfile: "FROM a\nCOPY dist/$WHAT /\n" }, at: "src", severity: "warning", says: /"dist\/a\/id_rsa"/, mended: "src\n**/id_rsa\n", stops: ["dist/a/id_rsa"] },
      { truth: "a secret that a COPY names, which no line can keep out", text: "src\n", files: ["Dockerfile", ".env", "src/a"], dockerfiles: { Dockerfile: "FROM a\nCOPY .env /\n" }, at: "src", severity: "warning", says: /".env"/, stays: true, mended: undefined },
      ...[".aws/credentials", "id_ed25519", ".netrc", ".pypirc", "prod.tfstate", "release.keystore", ".git-credentials", "service-account-prod.json", "privkey.pem"].map((path) => ({
        truth: path,
        text: "src\n",
        files: [...app, path],
        at: "src",
        severity: "warning" as const,
        says: new RegExp(path.replace(/[.]/g, "\\.")),
        stops: [path],
        mended: `src\n**/${path.split("/").at(-1) ?? ""}\n`,
      })),
      { truth: "ZenML's database, which is always included", alwaysInclude: [".zen"], text: "src\n", files: [...app, ".zen/local.db"], at: "src", severity: "warning", says: /ZenML's database/, mended: "src\n**/local.db\n", stops: [".zen/local.db"] },
    ],
    silent: [
      { truth: "what is out already", text: "**/.env*\n*.pem\n", files: [...app, ".env", "a.pem"] },
      { truth: "samples and public halves", text: "src\n", files: [...app, ".env.example", "id_rsa.pub", "ca.pem", "fullchain.pem", "cert.pem", "signing-pub.key", "test/fixtures/key.pem", "node_modules/x/a.pem", ".environment"] },
      { truth: "what no Dockerfile copies", text: "src\n", files: [...app, ".env"], dockerfiles: { Dockerfile: "FROM a\nCOPY package.json /\n" } },
      { truth: "what is beside the part of a path that is known", text: "src\n", files: [...app, "keys/id_rsa", ".env", "dist/linux/amd64/app"], dockerfiles: { Dockerfile: "FROM a\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/app /\n" } },
    ],
  },
  "clutter-sent": {
    found: [
      { truth: "the version history", text: "src\n", files: [...app, ".git/HEAD=20", ".git/objects/aa=1980"], at: "src", severity: "warning", says: /".git" is sent, the version history: 2 files, 2\.0 kB/, mended: "src\n**/.git\n", stops: [".git/HEAD", ".git/objects/aa"] },
      { truth: "packages in several folders", text: "src\n", files: [...app, "a/node_modules/x", "b/node_modules/y"], at: "src", severity: "warning", says: /in "a\/node_modules", "b\/node_modules"/, mended: "src\n**/node_modules\n", stops: ["a/node_modules/x", "b/node_modules/y"] },
      { truth: "a large file", text: "src\n", files: [...app, "model[1].bin=340000000"], at: "src", severity: "warning", says: /"model\[1\].bin" is sent, a file of 340 MB/, mended: "src\nmodel\\[1\\].bin\n", stops: ["model[1].bin"] },
      { truth: "what an exception lets in", text: "*\n!web\n", files: ["web/node_modules/x", "y"], at: "!web", line: 2, severity: "warning", says: /node_modules/, mended: "*\n!web\n**/node_modules\n", stops: ["web/node_modules/x"] },
    ],
    silent: [
      { truth: "what is out already", text: "**/node_modules\n.git\n", files: [...app, "a/node_modules/x", ".git/HEAD"] },
      { truth: "what BuildKit is not asked for", text: "*.md\n", files: [...app, ".git/HEAD"], dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" } },
      { truth: "what a line means that is told to match only at the root", text: "node_modules\n", files: [...app, "web/node_modules/x"] },
      { truth: "what an exception names", text: ".git\n!.git/HEAD\n", files: [...app, ".git/HEAD", ".git/config"] },
      { truth: "files that only share a name", text: "*.md\n", files: [...app, ".gitignore", "venv.txt", "git/x"] },
      { truth: "what a COPY names", text: "src\n", files: ["Dockerfile", "model.bin=340000000", "node_modules/x", "src/a"], dockerfiles: { Dockerfile: "FROM a\nCOPY node_modules /m\nCOPY model.bin /\nCOPY . /\n" } },
      { truth: "a large file that an exception names", text: "models\n!models/[1].bin\n!models/\\[1\\].bin\n", files: ["Dockerfile", "models/[1].bin=340000000", "models/x"] },
    ],
  },
  "builders-differ": {
    found: [
      {
        truth: "ZenML's leak",
        text: "**/secrets\n!secrets.example\n",
        files: [...app, "secrets/key.txt", "secrets.example"],
        at: "**/secrets",
        severity: "warning",
        says: /ZenML sends 1 file, 10 B \("secrets\/key.txt"\), which line 1 keeps out/,
        mended: "**/secrets\n**/secrets/**\n!secrets.example\n",
      },
      { truth: "what the classic builder loses", text: "*\n!**/*.py\n", files: ["a/b.py", "c.py"], at: "!**/*.py", line: 2, severity: "information", says: /The classic builder and ZenML do not send 1 file, 10 B \("a\/b.py"\)/, stays: true, mended: undefined },
    ],
    silent: [
      { truth: "a plain list", text: "**/node_modules\n.git\n*.md\n", files: [...app, ".git/HEAD", "README.md", "web/node_modules/x", "web/a.js"] },
      { truth: "what docker-py always sends by itself", text: "Dockerfile\n.dockerignore\n", files: app },
    ],
  },
  "ignore-file-overridden": {
    found: [
      { truth: "the shared file, where a Dockerfile has its own", text: "src\n", files: [...app, "Dockerfile.dockerignore"], at: "src", severity: "information", says: /Builds of "Dockerfile" do not read this file/, stays: true },
      { truth: "an empty file of a Dockerfile's own", file: "Dockerfile.dockerignore", text: "# nothing\n", files: [...app, "Dockerfile.dockerignore"], at: "# nothing", severity: "warning", says: /keep nothing out/, stays: true },
      { truth: "a Dockerfile's own file beside the shared one", file: "Dockerfile.dockerignore", text: "src\n", files: [...app, "Dockerfile.dockerignore"], at: "src", severity: "information", says: /nothing of .dockerignore counts/, stays: true },
      { truth: "podman's own file", file: ".containerignore", text: "src\n", files: app, at: "src", severity: "information", says: /Only buildah/, stays: true },
      { truth: "a Dockerfile's own file, for the classic builder", builder: "classic", file: "Dockerfile.dockerignore", text: "src\n", files: ["Dockerfile", "Dockerfile.dockerignore"], at: "src", severity: "warning", says: /sends everything/, stays: true },
    ],
    silent: [
      { truth: "podman's own file beside the shared one", text: "src\n", files: [...app, ".containerignore"] },
      { truth: "the only file", text: "src\n", files: app },
      { truth: "the only file, of a Dockerfile's own", file: "Dockerfile.dockerignore", text: "src\n", files: ["Dockerfile", "Dockerfile.dockerignore"] },
      { truth: "a file of a Dockerfile that is not there", text: "src\n", files: [...app, "old.dockerignore"] },
    ],
  },
  "ignore-file-not-a-file": {
    found: [
      { truth: "a folder", place: "folder", files: [...app], at: "", severity: "error", says: /is a folder: BuildKit does not read it/, stays: true },
      { truth: "a folder, for the classic builder", builder: "classic", place: "folder", files: app, at: "", severity: "error", says: /every build fails/, stays: true },
      { truth: "a link that leads out", place: "linkOut", text: "src\n", files: app, at: "src", severity: "error", says: /leads out of the build context/, stays: true },
    ],
    silent: [{ truth: "a link that leads out, which the classic builder follows", builder: "classic", place: "linkOut", text: "src\n", files: app }],
  },
  "no-ignore-file": {
    found: [
      { truth: "sources that are named", files: ["Dockerfile", "src/app.js", "package.json", "notes.txt"], dockerfiles: { Dockerfile: "# x\nFROM a\nCOPY package.json src /\n" }, at: "FROM a", line: 2, severity: "hint", says: /There is no .dockerignore: all of the folder counts, 4 files/, mended: "*\n!package.json\n!src\n", stops: ["Dockerfile", "notes.txt"] },
      { truth: "everything copied, with what no image needs", files: ["Dockerfile", "src/app.js", ".git/HEAD", ".env"], dockerfiles: { Dockerfile: "FROM a\nCOPY . /\n" }, at: "FROM a", severity: "warning", says: /2 files that no image needs/, mended: "**/.env*\n**/.git\n", stops: [".env", ".git/HEAD"] },
    ],
    silent: [{ truth: "an empty ignore file is one", text: "", files: ["Dockerfile", ".git/HEAD"] }],
  },
};

for (const rule of rules) {
  describe(`finding ${rule.code}`, () => {
    const cases = table[rule.code];
    for (const { truth, at, line = 1, severity, says, mended, stops = [], starts = [], stays, ...setting } of cases?.found ?? []) {
      it(`is made: ${truth}`, async () => {
        const finding = await findingOf(rule.code, setting);
        const shown = setting.dockerfiles?.[finding.file] ?? setting.text ?? "";
        assert.deepEqual([textAt(shown, finding), finding.range.line, finding.severity], [at, line, severity]);
        assert.match(finding.message, says);
        assert.match(finding.message, /^[^a-z].*\.$/s, "a message is a whole sentence");
        const [fix] = await offeredFixes(finding);
        if (mended === undefined) return assert.equal(fix, undefined);
        assert.ok(fix, "no fix is offered");
        const after = withFix(setting, fix);
        assert.equal(after.text, mended);
        const effect = await effectOf(fix);
        if (setting.files) assert.deepEqual([effect.stopsSending.examples, effect.startsSending.examples], [stops, starts]);
        if (!stays) assert.deepEqual((await findingsOf(rule.code, after)).map(({ message }) => message), []);
      });
    }
    for (const { truth, ...setting } of cases?.silent ?? []) {
      it(`is not made: ${truth}`, async () => {
        assert.deepEqual((await findingsOf(rule.code, setting)).map(({ message }) => message), []);
      });
    }
    it("has cases for and against", () => assert.ok(cases && cases.found.length > 0 && cases.silent !== undefined && cases.silent.length > 0));
  });
}
