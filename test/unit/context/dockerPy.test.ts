import assert from "node:assert/strict";
import { evaluateAsDockerPy } from "../../../src/core/context/dockerPy/evaluateAsDockerPy";
import { parseZenmlIgnoreFile } from "../../../src/core/context/dockerPy/parseZenmlIgnoreFile";
import { parseIgnoreFile } from "../../../src/core/context/dockerignore/parseIgnoreFile";
import { evaluate } from "../../../src/core/context/evaluation/evaluator";
import type { PathId } from "../../../src/core/context/tree/pathTree";
import { treeOf } from "./trees";

describe("docker-py takes in what it was seen to take in [Z63][Z64]", () => {
  const files = [
    "Dockerfile",
    "README.md",
    "a.log",
    "src/main.py",
    "src/deep/b.log",
    "src/deep/Keep.LOG",
    "node_modules/x/i.js",
    ".zen/config.yaml",
    "sub.Dockerfile",
  ];
  const all = [...files, "src", "src/deep", "node_modules", "node_modules/x", ".zen"];
  const only = (...paths: string[]): string[] => ["Dockerfile", ...paths];
  const without = (...paths: string[]): string[] => all.filter((path) => !paths.includes(path));
  const modules = ["node_modules", "node_modules/x", "node_modules/x/i.js"];
  const table: readonly (readonly [patterns: readonly string[], sent: readonly string[]])[] = [
    [["*"], only()],
    [["*", "!src/main.py"], only("src/main.py")],
    [["src/", "!src/deep"], without("src", "src/main.py")],
    [["**/*.log"], without("a.log", "src/deep/b.log", "src/deep/Keep.LOG")],
    [["deep"], all],
    [["**/deep"], without("src/deep", "src/deep/b.log", "src/deep/Keep.LOG")],
    [["*", "!/.zen"], only(".zen", ".zen/config.yaml")],
    [["src/*"], without("src/main.py", "src/deep", "src/deep/b.log", "src/deep/Keep.LOG")],
    [["README.MD", "!."], without("README.md")],
    [["Dockerfile", "sub.Dockerfile", "NODE_*"], without("sub.Dockerfile", ...modules)],
    [["[!n]ode_modules", "./x/../node_modules/"], without(...modules)],
    [["a.[k-m]og", "[x", "[]x]"], without("a.log")],
    [["*", "!**/*.py"], only()],
  ];
  for (const [patterns, sent] of table) {
    it(JSON.stringify(patterns), async () => assert.deepEqual(await sentBy(patterns, files), [...sent].sort()));
  }

  it("a range that runs backwards fails the build", async () => {
    assert.equal((await evaluateAsDockerPy(["[z-a]"], treeOf(files))).failure, "[z-a]");
  });
});

describe("ZenML reads an ignore file [Z59]", () => {
  const table: readonly (readonly [what: string, text: string, patterns: readonly string[]])[] = [
    ["without indented comments", "a\n  # b\n\n c \n", ["a", "c"]],
    ["with a lone carriage return as the end of a line", "a\rb\r\nc", ["a", "b", "c"]],
    ["with a byte order mark as part of the first pattern", "\ufeffa\nb", ["\ufeffa", "b"]],
    ["with Python's idea of space", "\u001ca\u0085\n\u200bb", ["a", "\u200bb"]],
  ];
  for (const [what, text, patterns] of table) {
    it(what, () => assert.deepEqual(parseZenmlIgnoreFile(Buffer.from(text)), [...patterns, "!/.zen"]));
  }
});

describe("ZenML sends what Docker keeps out", () => {
  const table: readonly (readonly [ignoreFile: string, leaked: string])[] = [
    ["**/secrets\n!secrets.example", "secrets/key.pem"],
    ["**/.venv\n!.venvrc", ".venv/bin/python"],
    ["**/.env\n!src", "src/.env"],
    ["**/*.db", ".zen/store.db"],
  ];
  for (const [ignoreFile, leaked] of table) {
    it(`${JSON.stringify(ignoreFile)}: ${leaked}`, async () => {
      const tree = treeOf([leaked, "secrets.example", ".venvrc", "src/main.py"]);
      const path = tree.find(leaked) as PathId;
      const asZenml = await evaluateAsDockerPy(parseZenmlIgnoreFile(Buffer.from(ignoreFile)), tree);
      assert.ok(asZenml.isSent(path));
      for (const builder of ["buildkit", "classic"] as const) {
        const { patterns } = parseIgnoreFile(Buffer.from(ignoreFile), builder);
        assert.ok(!(await evaluate(patterns, tree, { builder })).isSent(path), builder);
      }
    });
  }

  it("unless the content is kept out by a line of its own", async () => {
    const tree = treeOf(["secrets/key.pem", "secrets.example"]);
    const { sent } = await evaluateAsDockerPy(
      parseZenmlIgnoreFile(Buffer.from("**/secrets\n**/secrets/**\n!secrets.example")),
      tree,
    );
    assert.equal(sent.files, 1);
  });
});

async function sentBy(patterns: readonly string[], files: readonly string[]): Promise<string[]> {
  const tree = treeOf(files);
  const evaluation = await evaluateAsDockerPy(patterns, tree);
  return [...tree.ids()]
    .filter((id) => evaluation.isSent(id))
    .map((id) => tree.pathOf(id))
    .sort();
}
