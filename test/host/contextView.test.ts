import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { planExclusion } from "../../src/core/context/overview/changePlan";
import type { ContextPlace } from "../../src/vscode/platform/contextPlace";
import { IgnoreModels } from "../../src/vscode/context/model/ignoreModels";
import { LiveOverview } from "../../src/vscode/context/model/liveOverview";
import { changeIgnoreFile } from "../../src/vscode/context/model/writeIgnoreFile";
import { editOf } from "../../src/vscode/context/model/fixEdit";
import { Memory } from "../../src/vscode/platform/memory";
import { pictureOf } from "../../src/vscode/context/treemap/picture";
import type { ContextNode } from "../../src/vscode/context/view/contextNode";
import { ContextTree } from "../../src/vscode/context/view/contextTree";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { recordingLog } from "../unit/context/support";
import { until } from "../support/until";

const files = {
  Dockerfile: "FROM scratch\nCOPY . .\n",
  ".dockerignore": "data\n",
  "app/main.py": "x".repeat(300),
  "app/util.py": "x".repeat(200),
  "data/big.bin": "x".repeat(9000),
  "keys/id_rsa": "x",
};

describe("the Build Context view's rows", () => {
  const disposables: vscode.Disposable[] = [];

  afterEach(() => vscode.Disposable.from(...disposables.splice(0)).dispose());
  after(removeTemporaryFolders);

  function open(folder: string, place: Partial<ContextPlace> = {}) {
    const log = recordingLog();
    const models = new IgnoreModels(new Memory(new Map() as unknown as vscode.Memento), log);
    const live = new LiveOverview({ folder: vscode.Uri.file(folder), ...place }, models, log);
    const tree = new ContextTree();
    tree.show(live);
    const fired: (readonly string[] | undefined)[] = [];
    disposables.push(
      tree,
      models,
      tree.onDidChangeTreeData((nodes) => fired.push(nodes?.map(({ path }) => path))),
    );
    return { tree, live, fired };
  }

  async function rows(tree: ContextTree, path?: string): Promise<ContextNode[]> {
    const [root] = await tree.getChildren();
    return path === undefined ? (root ? [root] : []) : tree.getChildren(path === "" ? root : await tree.nodeOf(path));
  }

  async function shown(tree: ContextTree, path?: string): Promise<string[]> {
    return (await rows(tree, path)).map((node) => {
      const { label, description } = tree.getTreeItem(node);
      return [label, description].filter(Boolean).join(": ");
    });
  }

  it("tell the whole, then the largest first, with secrets named", async () => {
    const { tree } = open(temporaryFolder(files));
    const [whole = ""] = await shown(tree);
    assert.match(whole, /^image-builders-\w+: 1 secret · \d+ B · 5 files · \.dockerignore$/);
    assert.deepEqual(await shown(tree, ""), [
      "app: 500 B · 2 files",
      "Dockerfile: 22 B",
      ".dockerignore: 5 B",
      "keys: 1 B · 1 file · 1 secret",
    ]);
    assert.deepEqual(await shown(tree, "keys"), ["id_rsa: secret: SSH keys · 1 B"]);
    const [secret] = await rows(tree, "keys");
    const item = tree.getTreeItem(secret ?? assert.fail());
    assert.equal(item.accessibilityInformation?.label, "id_rsa, secret: SSH keys · 1 B");
    assert.equal((item.iconPath as vscode.ThemeIcon).id, "key");
  });

  it("show on demand what is excluded, with the line that decided", async () => {
    const { tree } = open(temporaryFolder(files));
    await shown(tree, "");
    await tree.showExcluded(true);
    assert.equal((await shown(tree, "")).at(-1), "data: excluded by line 1 · 9.0 kB · 1 file");
    assert.deepEqual(await shown(tree, "data"), ["big.bin: excluded by line 1 · 9.0 kB"]);
  });

  it("follow the ignore file while it is edited, keep their ids, and stay if nothing changes", async () => {
    const folder = temporaryFolder(files);
    const { tree, live, fired } = open(folder);
    await shown(tree);
    const before = (await rows(tree, "")).map((node) => tree.getTreeItem(node));
    await shown(tree, "app");
    await shown(tree, "keys");
    const document = await vscode.workspace.openTextDocument(join(folder, ".dockerignore"));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), "app/util.py\n");
    fired.length = 0;
    await vscode.workspace.applyEdit(edit);
    await until(() => fired.length > 0, "the rows are redrawn");
    assert.deepEqual(fired.flat().sort(), [""], "the whole, with what is in it");
    assert.deepEqual(await shown(tree, "app"), ["main.py: 300 B"]);
    const after = (await rows(tree, "")).map((node) => tree.getTreeItem(node));
    assert.deepEqual(
      after.map(({ id }) => id),
      before.map(({ id }) => id),
    );
    const comment = new vscode.WorkspaceEdit();
    comment.insert(document.uri, new vscode.Position(2, 0), "# nothing new");
    await shown(tree);
    fired.length = 0;
    const looked = new Promise<void>((resolve) => disposables.push(live.onDidChange(() => resolve())));
    await vscode.workspace.applyEdit(comment);
    await looked;
    await live.update();
    assert.deepEqual(fired, []);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  });

  it("follow files that come and go", async () => {
    const folder = temporaryFolder(files);
    const { tree } = open(folder);
    await shown(tree, "");
    let bytes = 5_000;
    await until(async () => {
      // What is written before VS Code watches the folder is told by no event.
      writeFiles(folder, { "new/large.bin": "x".repeat(bytes++) });
      return (await shown(tree, ""))[0] === "new: 5.0 kB · 1 file";
    }, "the new folder comes first");
    rmSync(join(folder, "new"), { recursive: true });
    await until(async () => (await shown(tree, ""))[0] === "app: 500 B · 2 files", "it goes again");
  });

  it("count for the Dockerfile's own ignore file, also once that comes", async () => {
    const folder = temporaryFolder({ ...files, "prod.Dockerfile": "FROM scratch\n" });
    const { tree, live } = open(folder, { dockerfile: vscode.Uri.file(join(folder, "prod.Dockerfile")) });
    assert.match((await shown(tree))[0] ?? "", /· \.dockerignore/);
    writeFiles(folder, { "prod.Dockerfile.dockerignore": "app\n" });
    await until(
      () => live.model?.file === "prod.Dockerfile.dockerignore" && live.overview?.row("app")?.isSent === false,
      "the other file counts",
    );
  });

  it("list a large folder a thousand at a time", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 2_345 }, (_, i) => [`many/f${String(i).padStart(4, "0")}`, "x"]),
    );
    const { tree } = open(temporaryFolder(many));
    await shown(tree, "");
    const first = await shown(tree, "many");
    assert.deepEqual([first.length, first.at(-1)], [1_001, "1,345 more"]);
    const rest = (await rows(tree, "many")).at(-1);
    tree.showMore(rest ?? assert.fail());
    assert.equal((await shown(tree, "many")).at(-1), "345 more");
    const node = (await tree.nodeOf("many/f2344")) ?? assert.fail();
    assert.ok((await rows(tree, "many")).includes(node), "a path that is to be shown is listed");
    assert.equal(tree.getParent(node)?.path, "many");
  });

  it("narrow to a filter, and are all there again without it", async () => {
    const { tree, live } = open(temporaryFolder(files));
    const all = await shown(tree, "");
    await live.setFilter("*.py");
    assert.deepEqual(await shown(tree, ""), ["app: 500 B · 2 files"]);
    assert.equal(
      tree.getTreeItem((await rows(tree, ""))[0] ?? assert.fail()).collapsibleState,
      vscode.TreeItemCollapsibleState.Expanded,
    );
    await live.setFilter("");
    assert.deepEqual(await shown(tree, ""), all);
  });

  for (const { name, text, after } of [
    { name: "a missing ignore file", text: undefined, after: "app\n" },
    {
      name: "one with a byte order mark and Windows' line ends",
      text: "\ufeffdata\r\n",
      after: "\ufeffdata\r\napp\r\n",
    },
    { name: "one without a last line end", text: "data", after: "data\napp\n" },
  ]) {
    it(`are kept out by a line in ${name}, and are back once that is undone`, async () => {
      const folder = temporaryFolder(files);
      const file = join(folder, ".dockerignore");
      if (text === undefined) rmSync(file);
      else writeFileSync(file, text);
      const { tree, live } = open(folder);
      await shown(tree);
      const model = live.model ?? assert.fail();
      const state = await model.state();
      const { fix } = (await planExclusion(state, ["app"])) ?? assert.fail();
      await changeIgnoreFile(model.uri, await editOf(fix, model, state.ignore.hasMark));
      await until(() => live.overview?.row("app")?.isSent === false, "the folder is out");
      assert.equal(readFileSync(file, "utf8"), after);
      if (text === undefined) return;
      await vscode.window.showTextDocument(model.uri);
      await vscode.commands.executeCommand("undo");
      await until(() => live.overview?.row("app")?.isSent === true, "the folder is in again");
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    });
  }

  it("of a folder that is not there say why", async () => {
    const { tree, live } = open(join(temporaryFolder(), "absent"));
    assert.deepEqual(await tree.getChildren(), []);
    assert.match(live.problem ?? "", /ENOENT/);
  });

  it("go with what is behind a picture, which names no content", async () => {
    const { tree, live } = open(temporaryFolder({ ...files, "app/main.py": "SECRET-CONTENT" }));
    await shown(tree, "");
    const picture = await pictureOf(live.overview ?? assert.fail(), "app/gone", "name");
    assert.equal(picture.root.path, "app", "the nearest folder that is still there");
    assert.deepEqual(
      picture.root.children?.map(({ name, size }) => [name, size]),
      [
        ["util.py", "200 B"],
        ["main.py", "14 B"],
      ],
    );
    assert.deepEqual(picture.marked, [{ path: "keys/id_rsa", mark: "secret", note: "secret: SSH keys" }]);
    assert.doesNotMatch(JSON.stringify(picture), /SECRET-CONTENT/);
  });

  it("have a treemap beside them, one for each folder", async () => {
    const folder = vscode.Uri.file(temporaryFolder(files));
    const tabs = (): string[] =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs.map(({ label }) => label))
        .filter((label) => label.startsWith("Treemap: "));
    await vscode.commands.executeCommand("imageBuilders.showTreemap", folder);
    await until(() => tabs().length === 1, "the treemap is open");
    await vscode.commands.executeCommand("imageBuilders.showTreemap", folder);
    assert.equal(tabs().length, 1);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
});
