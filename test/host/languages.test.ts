import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { until } from "../support/until";
import { extension, set } from "./extension";
import { closeAll, fileIn, show, write } from "./findingsIn";

const project = {
  ".dockerignore": "# what stays out\nnode_modules\n**/*.log\n!keep.log\nnone\n",
  Dockerfile: "FROM scratch\nCOPY src /src\nCOPY build /build\n",
  "src/app.js": "12345",
  "a.log": "1",
  "keep.log": "12",
  "node_modules/x/index.js": "1234567890",
  "package.json": "{}",
};

/** What a hover says, as Markdown. */
async function hoverAt(uri: vscode.Uri, line: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    uri,
    new vscode.Position(line, 1),
  );
  return hovers
    .flatMap(({ contents }) => contents.map((each) => (typeof each === "string" ? each : each.value)))
    .join("\n");
}

/** The lenses of a file: the line counted from 0, and the text. */
async function lensesIn(uri: vscode.Uri): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
  return lenses.map(({ range, command }) => `${range.start.line} ${command?.title ?? ""}`);
}

async function completionsAt(
  uri: vscode.Uri,
  line: number,
  column: number,
): Promise<Map<string, vscode.CompletionItem>> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    "vscode.executeCompletionItemProvider",
    uri,
    new vscode.Position(line, column),
  );
  return new Map(items.map((item) => [typeof item.label === "string" ? item.label : item.label.label, item]));
}

/** Accepts the question that is open as it stands, until something has come of it. */
async function acceptUntil(condition: () => boolean, what: string): Promise<void> {
  await until(async () => {
    if (condition()) return true;
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    await new Promise((resolve) => setTimeout(resolve, 200));
    return condition();
  }, what);
}

function explain(uri: vscode.Uri): Thenable<string> {
  return vscode.commands.executeCommand<string>("imageBuilders.explainFile", uri);
}

describe("an ignore file in the editor", () => {
  before(() => extension().activate());
  afterEach(closeAll);
  after(removeTemporaryFolders);

  it("tells on hover what a line means, matches and decides", async () => {
    const uri = fileIn(temporaryFolder(project), ".dockerignore");
    await show(uri);
    const folder = await hoverAt(uri, 1);
    assert.match(folder, /Excludes the file or folder "node\\_modules"\\\./);
    assert.match(folder, /\*\*Matches 1 file · 10 B\*\*/);
    assert.match(folder, /\[node\\_modules\/\]\(command:revealInExplorer\?.*\) 10 B/);
    assert.match(folder, /It excludes all matches/);
    const logs = await hoverAt(uri, 2);
    assert.match(logs, /whose name ends with "\\\.log", at any depth/);
    assert.match(logs, /\[a\\\.log\]\(file:\/\/\/[^)]*a\.log\) 1 B/);
    assert.match(logs, /It excludes 1 file · 1 B; line 4 \\\("\\!keep\\\.log"\\\) applies to 1 file\\\./);
    assert.match(await hoverAt(uri, 3), /Includes the file or folder "keep\\\.log" again if rules above exclude it/);
    assert.match(await hoverAt(uri, 4), /No matches in this folder/);
    assert.equal(await hoverAt(uri, 0), "");
  });

  it("tells above each line what it does, at the top what is sent, and follows the text and the files", async () => {
    const root = temporaryFolder(project);
    const uri = fileIn(root, ".dockerignore");
    const document = await show(uri);
    await until(async () => (await lensesIn(uri)).length > 0, "lenses");
    assert.deepEqual(await lensesIn(uri), [
      "0 sends 5 of 7 files · 108 B — Show Build Context",
      "1 matches 1 file · 10 B",
      "2 matches 2 files · 3 B",
      "3 includes 1 file · 2 B",
      "4 no matches",
    ]);
    await write(document, "src\n");
    await until(async () => (await lensesIn(uri))[1] === "0 matches 1 file · 5 B", "the lenses of the new text");
    writeFiles(root, { "src/b.js": "1234567" });
    await until(async () => (await lensesIn(uri))[1] === "0 matches 2 files · 12 B", "the lenses of the new files");
    await set("codeLens", false);
    assert.deepEqual(await lensesIn(uri), []);
    await set("codeLens", undefined);
  });

  it("completes what is there and still sent, with what each would stop sending", async () => {
    const uri = fileIn(temporaryFolder(project), ".dockerignore");
    const document = await show(uri);
    await write(document, "node_modules\n\n");
    const free = await completionsAt(uri, 1, 0);
    assert.equal(free.get("src/")?.detail, "stops sending 1 file · 5 B");
    assert.equal(free.get("**/*.log")?.detail, "stops sending 2 files · 3 B");
    assert.equal(free.get("**/dist")?.detail, "no matches yet");
    assert.equal(free.get("!")?.detail, "Includes files again that rules above exclude");
    assert.deepEqual(
      ["node_modules/", "**/node_modules"].filter((label) => free.has(label)),
      [],
    );
    await write(document, "node_modules\n\nsrc/\n!");
    const below = await completionsAt(uri, 2, 4);
    assert.equal(below.get("src/app.js")?.insertText, "src/app.js");
    assert.deepEqual(below.get("src/app.js")?.range, new vscode.Range(2, 0, 2, 4));
    assert.equal((await completionsAt(uri, 3, 1)).get("node_modules/")?.detail, "includes 1 file · 10 B");
  });

  it("leads from what a Dockerfile copies to the file, or to the line that leaves it out", async () => {
    const root = temporaryFolder({
      ...project,
      ".dockerignore": "# x\nbuild\n",
      Dockerfile: "FROM scratch\nCOPY package.json /\nCOPY build /b\n",
      "build/x": "",
    });
    const uri = fileIn(root, "Dockerfile");
    await show(uri);
    const targets = async (line: number): Promise<string[]> => {
      const links = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        "vscode.executeDefinitionProvider",
        uri,
        new vscode.Position(line, 6),
      );
      return links.map((link) =>
        "targetUri" in link
          ? `${link.targetUri.fsPath}:${link.targetRange.start.line}`
          : `${link.uri.fsPath}:${link.range.start.line}`,
      );
    };
    assert.deepEqual(await targets(1), [`${join(root, "package.json")}:0`]);
    assert.deepEqual(await targets(2), [`${join(root, ".dockerignore")}:1`]);
  });
});

describe("why a file is in the image or not", () => {
  before(() => extension().activate());
  afterEach(closeAll);
  after(removeTemporaryFolders);

  /** The workspace's own folder, below which contexts are looked for. */
  function workspaceFolder(name: string, files: Readonly<Record<string, string>>): string {
    const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? assert.fail("no folder is open");
    writeFiles(join(root, name), files);
    return join(root, name);
  }

  it("is told with the line, the folder at which it decided, and the instruction that copies it", async () => {
    const root = workspaceFolder("explained", project);
    assert.equal(
      await explain(fileIn(root, "node_modules/x/index.js")),
      '"node_modules/x/index.js" (10 B) is not in the image: ' +
        'line 2 of .dockerignore (node_modules) excludes the folder "node_modules".',
    );
    assert.equal(
      await explain(fileIn(root, "a.log")),
      '"a.log" (1 B) is not in the image: line 3 of .dockerignore (**/*.log) excludes it.',
    );
    assert.equal(
      await explain(fileIn(root, "keep.log")),
      '"keep.log" is sent to the builder (2 B). Line 4 of .dockerignore (!keep.log) includes it. ' +
        "No instruction in Dockerfile copies it, so it is not in the image.",
    );
    assert.equal(
      await explain(fileIn(root, "src/app.js")),
      '"src/app.js" is sent to the builder (5 B). No rule in .dockerignore excludes it. ' +
        "COPY in line 2 of Dockerfile uses it.",
    );
    assert.equal(
      await explain(vscode.Uri.file(root)),
      "The build context is partly sent to the builder: 5 of 7 files, 108 B of 119 B. " +
        "COPY in line 2 of Dockerfile uses part of it.",
    );
  });

  it("is told of the file in the editor", async () => {
    const root = workspaceFolder("edited", project);
    await show(fileIn(root, "a.log"));
    assert.match(
      await vscode.commands.executeCommand<string>("imageBuilders.explainFile"),
      /^"a\.log" \(1 B\) is not in the image/,
    );
  });

  it("takes the nearest folder with a Dockerfile or an ignore file", async () => {
    const root = workspaceFolder("nested", {
      ".dockerignore": "**/x\n",
      "service/Dockerfile": "FROM scratch\nCOPY . /\n",
      "service/x": "1",
      "lib/x": "1",
    });
    assert.equal(
      await explain(fileIn(root, "service/x")),
      '"x" is sent to the builder (1 B). There is no ignore file. COPY in line 2 of Dockerfile uses it.',
    );
    assert.equal(
      await explain(fileIn(root, "lib/x")),
      '"lib/x" (1 B) is not in the image: line 1 of .dockerignore (**/x) excludes it.',
    );
  });

  it("is that no build sends it, where there is neither", async () => {
    const root = workspaceFolder("alone", { "notes.txt": "x" });
    assert.match(
      await explain(fileIn(root, "notes.txt")),
      /^".*notes\.txt" is not part of any build context: no folder above it has a Dockerfile or an ignore file\.$/,
    );
  });
});

describe("an ignore file that is written for a folder", () => {
  before(() => extension().activate());
  afterEach(closeAll);
  after(removeTemporaryFolders);

  it("lets in what the Dockerfile copies, and is opened", async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM scratch\nCOPY src /src\n",
      "src/a.py": "1",
      "src/__pycache__/a.pyc": "1",
      ".git/HEAD": "x",
      "notes.md": "x",
    });
    const generating = vscode.commands.executeCommand("imageBuilders.generateDockerignore", vscode.Uri.file(root));
    await acceptUntil(() => existsSync(join(root, ".dockerignore")), "the ignore file is written");
    await generating;
    assert.equal(readFileSync(join(root, ".dockerignore"), "utf8"), "*\n!src\n**/__pycache__\n");
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, join(root, ".dockerignore"));
  });

  it("keeps the lines that are there, and adds to them", async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM scratch\nCOPY . /\n",
      ".dockerignore": "# mine\n*.md",
      "a.md": "1",
      "node_modules/x/i.js": "1",
    });
    const generating = vscode.commands.executeCommand(
      "imageBuilders.generateDockerignore",
      fileIn(root, ".dockerignore"),
    );
    const text = (): string => readFileSync(join(root, ".dockerignore"), "utf8");
    await acceptUntil(() => text().includes("node_modules"), "the ignore file is changed");
    await generating;
    assert.equal(text(), "# mine\n*.md\n**/node_modules\n");
  });

  it("gets what Git ignores and the image would have got", async () => {
    const root = temporaryFolder({
      ".git/HEAD": "ref: refs/heads/main\n",
      ".git/info/exclude": "*.bak\n",
      ".gitignore": "/out/\n*.tmp\n",
      "web/.gitignore": "cache\n",
      Dockerfile: "FROM scratch\nCOPY . /\n",
      ".dockerignore": "**/*.tmp\n.git\n",
      "out/a": "1",
      "b.tmp": "1",
      "web/cache/c": "1",
      "d.bak": "1",
      "e.js": "1",
    });
    const comparing = vscode.commands.executeCommand("imageBuilders.compareWithGitignore", vscode.Uri.file(root));
    const text = (): string => readFileSync(join(root, ".dockerignore"), "utf8");
    await acceptUntil(() => text().includes("out"), "the ignore file is changed");
    await comparing;
    assert.deepEqual(text().split("\n").sort(), ["", "**/*.bak", "**/*.tmp", ".git", "out", "web/**/cache"]);
  });
});
