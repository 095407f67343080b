import assert from "node:assert/strict";
import type { FindingCode } from "../../../../src/core/context/lint/state/finding";
import { offeredFixes } from "../../../../src/core/context/lint/fixes/offeredFixes";
import { findingsOf, lintSetting, type Setting } from "./support";

interface Harm extends Setting {
  readonly truth: string;
  /** What must not be found. */
  readonly without?: readonly FindingCode[];
  /** What no text after a fix may hold as a line. */
  readonly noLine?: readonly string[];
  /** What no text after a fix may go without. */
  readonly keeps?: readonly string[];
  /** All texts after fixes, where just these are offered. */
  readonly texts?: readonly string[];
}

const base = ["Dockerfile", ".dockerignore", "package.json"];
const copyAll = { Dockerfile: "FROM a\nCOPY . /\n" };
const gitIgnore = (text: string) => ({
  context: "",
  above: [{ name: ".gitignore", folder: "", text }],
  read: () => Promise.resolve(undefined),
});

/** The idiom that opens a folder to close most of it, in several writings. */
const idioms: readonly Harm[] = [
  "*\n!src\nsrc/*\n!src/app\n",
  "*\n!src/\nsrc/*\n!src/app/\n",
  "*\n!/src\n/src/*\n!/src/app\n",
  "**\n!src\nsrc/**\n!src/app/**\n",
  "*\n!src/**\nsrc/**\n!src/app/**\n",
  "*\n!./src\n./src/*\n!./src/app\n",
  "# all\r\n*\r\n!src\r\nsrc/*\r\n!src/app\r\n",
  "*\n!src\nsrc/**/*\n!src/app/**\n",
].map((text) => ({
  truth: `the idiom ${JSON.stringify(text)}`,
  text,
  files: [...base, "src/app/main.js", "src/tools/gen.js", "src/notes.txt", "src/.env"],
  dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" },
  without: ["exception-too-early", "exception-without-effect"],
}));

const rootNames: readonly Harm[] = [
  ["config", ["config/local.yml", "src/config/index.js"]],
  ["redis", ["redis/dump.rdb", "src/redis/client.js"]],
  ["redis", ["src/redis/client.js"]],
  ["data*", ["data/a.csv", "database.sqlite", "src/data-access/index.js"]],
  ["data*", ["src/data-access/index.js"]],
  ["./export", ["src/export/index.js"]],
  ["./export", ["export/a.zip", "src/export/index.js"]],
  ["./*.json", ["src/schema.json"]],
  ["build", ["src/build/index.js"]],
  ["logs/", ["lib/logs/logger.js"]],
  ["*.json", ["src/schema.json"]],
  ["uploads", ["app/uploads/handler.py", "uploads/a.png"]],
  ["postgres", ["internal/postgres/store.go"]],
  ["tmp?", ["src/tmp1/x.js"]],
].map(([line, files]) => ({
  truth: `${String(line)} at the root, with ${(files as string[]).join(", ")}`,
  text: `${String(line)}\n`,
  files: [...base, ...(files as string[])],
  dockerfiles: copyAll,
  noLine: [`**/${String(line).replace("./", "")}`, `**/${String(line)}`],
}));

const harms: readonly Harm[] = [
  ...idioms,
  ...rootNames,
  {
    truth: "a binary that is called like a folder of sources but for a letter",
    text: "ollama\n",
    files: [...base, "llama/llama.go", "server/main.go"],
    noLine: ["llama"],
  },
  {
    truth: "a binary that Git ignores",
    text: "ollama\n",
    files: [...base, ".gitignore", "llama/llama.go"],
    gitIgnore: gitIgnore("/ollama\n"),
    without: ["matches-nothing"],
  },
  ...[
    ["servers", "server/main.go"],
    ["style.css", "style.scss"],
    ["config.js", "config.ts"],
    ["main.o", "main.c"],
    ["models.bin", "model.bin"],
    ["clients", "client/a.ts"],
    ["hugo", "hugs/a.go"],
  ].map(([line = "", file = ""]) => ({
    truth: `${line} beside ${file}`,
    text: `${line}\n`,
    files: [...base, file],
    noLine: [file, file.split("/")[0] ?? ""],
  })),
  ...["run", "volumes/db", "media/", "/instance", "postgres-data", "var/*"].map((line) => ({
    truth: `${line}, which is there only at run time and which Git ignores`,
    text: `src/test\n${line}\n`,
    files: [...base, ".gitignore", "src/test/a", "src/app"],
    gitIgnore: gitIgnore("run\nvolumes\n/media/\ninstance/\npostgres-data\nvar/\n"),
    keeps: [line],
    without: ["matches-nothing" as const],
  })),
  {
    truth: "a folder of which it is not known whether Git ignores it",
    text: "postgres-data\n",
    files: [...base, ".gitignore"],
    texts: [],
  },
  {
    truth: "a line that nobody ignores may go",
    text: "src\nfixtures.sql\n",
    files: [...base, ".gitignore", "src/a"],
    gitIgnore: gitIgnore("run\n"),
    texts: ["src\n"],
  },
  {
    truth: "an alternative of a regular expression",
    text: "**/*.test-(u|a|i).[jt]s\n",
    files: [...base, "src/x.test-u.js", "src/x.test-i.ts", "src/main.js"],
    texts: ["**/*.test-u.[jt]s\n**/*.test-a.[jt]s\n**/*.test-i.[jt]s\n"],
  },
  {
    truth: "an alternative of a shell",
    text: "**/*.@(spec|test).ts\n",
    files: [...base, "src/x.test.ts", "src/y.ts"],
    texts: ["**/*.spec.ts\n**/*.test.ts\n"],
  },
  ...["**/!(a|b).js", "**/+(a|b)/x", "**/*(a|b)", "a|(b*", "**/(a|b)+.js", "x?(a|b)"].map((line) => ({
    truth: `${line}, which no lines say`,
    text: `${line}\n`,
    files: [...base, "src/a.js", "c/b/x"],
    noLine: ["a", "b", "(b*", "**/!(a", "b).js", "**/a.js", "**/*a"],
  })),
  {
    truth: "an exception before the rule, with a secret in what it names",
    text: "!conf\n*\n**/.env\n",
    files: [...base, "conf/app.yml", "conf/.env"],
    texts: ["*\n!conf\n**/.env\n", "*\n**/.env\n"],
  },
  {
    truth: "an exception before the rule, with a key that no line names",
    text: "!conf\n*\n",
    files: [...base, "conf/app.yml", "conf/server.key"],
    texts: ["*\n"],
  },
  {
    truth: "a source of COPY in which another line keeps something out",
    text: "dist/**/*.map\ndist\n",
    files: [...base, "dist/a.js", "dist/b/a.js.map"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY dist /\n" },
    texts: ["dist\n", "dist/**/*.map\n", "dist/**/*.map\ndist\n!dist\ndist/**/*.map\n"],
  },
  {
    truth: "a source of COPY, by a line that keeps more out",
    text: ".env*\n",
    files: [...base, ".env", ".env.example"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY .env.example /\n" },
    texts: [".env*\n!.env.example\n"],
  },
  {
    truth: "a source of COPY with a secret in it",
    text: "*\n",
    files: [...base, "app/a.js", "app/.env"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY app /\n" },
    texts: ["*\n!app\napp/.env\n"],
  },
  {
    truth: "a secret by a name that samples have too",
    text: "docs\n",
    files: [...base, "server.key", "test/fixtures/server.key", "docs/a"],
    dockerfiles: copyAll,
    texts: ["docs\nserver.key\n"],
  },
  {
    truth: "environment settings beside a sample",
    files: ["Dockerfile", ".env", ".env.example", ".git/HEAD"],
    dockerfiles: copyAll,
    texts: ["**/.env\n", ".env\n", "**/.git\n", ".git\n", "**/.env\n**/.git\n"],
  },
  {
    truth: "a remark behind a pattern that a COPY needs",
    text: "src # not this\n",
    files: [...base, "src/a"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" },
    texts: [],
  },
  {
    truth: "a folder in other letters that a COPY needs",
    text: "Src\n",
    files: [...base, "src/a"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY src /\n" },
    texts: [],
  },
  {
    truth: "a folder of build results in other letters than a folder of sources",
    text: "**/Debug\nBuild\n",
    files: [...base, "src/debug/trace.go", "build/package.go"],
    dockerfiles: copyAll,
    texts: [],
  },
  {
    truth: "a wildcard that names what would be kept out",
    text: "docs\n",
    files: [...base, "certs/a.pem", "docs/x"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY certs/*.pem /certs/\n" },
    texts: [],
  },
  {
    truth: "a source that is made before the build, by a name that a fix would keep out",
    text: "node_modules\n",
    files: [...base, "web/node_modules/x.js"],
    dockerfiles: { Dockerfile: "FROM a\nCOPY web /\nCOPY deploy/node_modules /m\n" },
    texts: [],
  },
  {
    truth: "a file that is not UTF-8 and would be written as something else",
    bytes: Buffer.concat([Buffer.from("src\nsrc\n"), Buffer.from([0x61, 0xff, 10])]),
    files: [...base, "src/a"],
    builder: "classic",
    texts: [],
  },
];

describe("fixes do no harm", () => {
  for (const { truth, without = [], noLine = [], keeps = [], texts, ...setting } of harms) {
    it(`to ${truth}`, async () => {
      const findings = await lintSetting(setting);
      const codes = findings.map(({ code }) => code);
      for (const code of without) assert.ok(!codes.includes(code), findings.map(({ message }) => message).join("\n"));
      const offered = (await Promise.all(findings.map((each) => offeredFixes(each, setting.text ?? "")))).flat();
      for (const { text } of offered) {
        const lines = text.split("\n");
        for (const line of noLine) assert.ok(!lines.includes(line), text);
        for (const line of keeps) assert.ok(lines.includes(line), text);
      }
      if (texts)
        assert.deepEqual(
          [...new Set(offered.map(({ text }) => text))],
          texts,
          findings.map(({ message }) => message).join("\n"),
        );
    });
  }

  const later: readonly (readonly [truth: string, text: string, file: string, title: RegExp])[] = [
    [
      "in a folder that another line excludes",
      "./build\n!**/logs/**\n./build\n",
      "conf/logs/a.ts",
      /^Delete line 2: the same files are sent; a new file such as ".*" would not be sent$/,
    ],
    [
      "with the name of an exception",
      "notes.md\n*.md\n!README.md\n!*/*\n",
      "main.js",
      /^Delete line 3: the same files are sent; a new file such as "README\.md" would not be sent$/,
    ],
    [
      "with the name of an exception, which another line takes for a folder",
      "README.md/*\n*.md\n!README.md\n!*/*\n",
      "main.js",
      /^Delete line 3: the same files are sent; a new file such as "README\.md" would not be sent$/,
    ],
  ];
  for (const [truth, text, file, title] of later) {
    it(`and their titles say what happens to a file that comes ${truth}`, async () => {
      const line = Number(/line (\d)/.exec(title.source)?.[1]);
      const found = await lintSetting({ text, files: [...base, file], dockerfiles: copyAll });
      const titles = await Promise.all(
        found
          .filter(({ range }) => range.line === line)
          .map(async (each) => (await offeredFixes(each, text)).map((fix) => fix.title)),
      );
      const deletions = titles.flat().filter((each) => each.startsWith("Delete line"));
      assert.ok(deletions.length > 0, JSON.stringify(found));
      for (const each of deletions) assert.match(each, title);
    });
  }

  it("and their titles say all that changes, now and once files come", async () => {
    const [redundant] = await findingsOf("redundant-line", { text: "src\n**/*.js\n", files: [...base, "src/a.js"] });
    assert.ok(redundant);
    const [deletion] = await offeredFixes(redundant, "src\n**/*.js\n");
    assert.equal(deletion?.title, 'Delete line 2: the same files are sent; a new file such as "new.js" would be sent');
    const [root] = await findingsOf("matches-only-at-root", { text: "*.log\n", files: [...base, "a.log", "b/c.log"] });
    assert.ok(root);
    const [everywhere] = await offeredFixes(root, "*.log\n");
    assert.equal(everywhere?.title, 'Replace with "**/*.log": stops sending 1 file, 10 B ("b/c.log")');
    assert.equal(everywhere.text, "**/*.log\n");
  });
});
