import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { until } from "../support/until";
import { extension, set } from "./extension";
import { callSpec, platform } from "./specs";

describe("an image spec", () => {
  before(async () => {
    await extension().activate();
    await set("registries", [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }]);
  });
  after(async () => {
    await set("registries", undefined);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    removeTemporaryFolders();
  });

  it("may be a module, which is run", async () => {
    const name = uniqueName();
    const text =
      'import { Image } from "image-builders";\n' +
      'export default Image.fromBase("busybox:1.35")' +
      `.clone({ name: "${name}", extendable: true, platform: "${platform}" }).withWorkdir("/app");\n`;
    const root = temporaryFolder({ "app.image.mjs": text, "bad.image.mjs": "throw new Error('not today');\n" });
    const outcome = await callSpec("buildAndPushImageSpec", { spec: join(root, "app.image.mjs") });
    assert.equal(outcome?.repoDigest?.split("@")[1], await registryDigest(outcome?.imageName ?? ""));
    await assert.rejects(callSpec("buildImageSpec", { spec: join(root, "bad.image.mjs") }), /not today/);
  });

  it("runs an open module once for saves in a row, and no longer once a newer one begins", async () => {
    const ran = join(temporaryFolder(), "ran");
    const text = `import { Image } from "image-builders";
import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(ran)}, "x");
export default Image.fromBase("busybox:1.35").clone({ name: "app" });
`;
    const names = Array.from({ length: 12 }, (_, i) => `${i}.txt`);
    const root = temporaryFolder({ "app.image.mjs": text, ...Object.fromEntries(names.map((name) => [name, "1"])) });
    const runs = (): number => (existsSync(ran) ? readFileSync(ran, "utf8").length : 0);
    await vscode.window.showTextDocument(vscode.Uri.file(join(root, "app.image.mjs")));
    await until(() => runs() > 0, "it was run when it was opened");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const before = runs();
    const documents = await Promise.all(names.map((name) => vscode.workspace.openTextDocument(join(root, name))));
    const edit = new vscode.WorkspaceEdit();
    for (const { uri } of documents) edit.insert(uri, new vscode.Position(0, 0), "2");
    await vscode.workspace.applyEdit(edit);
    // On a busy machine, VS Code gives up some of many saves at once.
    await until(
      async () => (await vscode.workspace.saveAll()) && documents.every(({ isDirty }) => !isDirty),
      "all are saved",
    );
    await until(() => runs() > before, "it was run for what was saved");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.ok(runs() - before < 6, `${runs() - before} runs for 12 saves`);
  });

  it("keeps the mark of each open module in a file they import until it is fixed or closed", async () => {
    const text = (thrown: string): string => `import { fail } from "./lib.mjs";\nfail("${thrown}");\n`;
    const lib = "export const fail = (what) => {\n  throw new Error(what);\n};\n";
    const names = ["one", "two", "three"];
    const root = temporaryFolder({
      "lib.mjs": lib,
      ...Object.fromEntries(names.map((name) => [`${name}.image.mjs`, text(name)])),
    });
    const marks = (): string => {
      const words = vscode.languages
        .getDiagnostics(vscode.Uri.file(join(root, "lib.mjs")))
        .map(({ message }) => message);
      return names.filter((name) => words.some((each) => each.includes(name))).join();
    };
    const file = (name: string): vscode.Uri => vscode.Uri.file(join(root, `${name}.image.mjs`));
    for (const name of names) await vscode.window.showTextDocument(file(name), { preview: false });
    await until(() => marks() === "one,two,three", "all are marked");
    const edit = new vscode.WorkspaceEdit();
    const good =
      'import { Image } from "image-builders";\n' +
      'export default Image.fromBase("busybox:1.35").clone({ name: "app" });\n';
    edit.replace(file("one"), new vscode.Range(0, 0, 9, 0), good);
    await vscode.workspace.applyEdit(edit);
    await vscode.workspace.saveAll();
    await until(() => marks() === "two,three", "those of the others are left");
    await vscode.window.tabGroups.close(
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label === "three.image.mjs")),
    );
    await until(() => marks() === "two", "that of the other is left");
  });
});
