import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { authRegistry, plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { until } from "../support/until";
import { extension, marksOn, set } from "./extension";
import { callSpec, previewOf, specText } from "./specs";

const registries = [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }];

/** Whether the output channel, which a build shows, has a text. */
function outputHas(text: string): boolean {
  return vscode.workspace.textDocuments.some(({ uri, getText }) => uri.scheme === "output" && getText().includes(text));
}

/** A spec whose step waits for long, or fails at the end, and what it says once it runs. */
function slow(end: string): { readonly spec: string; readonly sign: string } {
  const sign = uniqueName("begun");
  const root = temporaryFolder({
    "app.image.yaml": specText(uniqueName(), [`commands: ["echo ${sign} | tr a-z A-Z && ${end}"]`]),
  });
  return { spec: join(root, "app.image.yaml"), sign: sign.toUpperCase() };
}

describe("an image spec that something happens to", () => {
  before(async () => {
    await extension().activate();
    await set("registries", registries);
  });
  after(async () => {
    await set("registries", undefined);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    removeTemporaryFolders();
  });

  it("is saved and built as the editor shows it", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText(uniqueName(), ["workdir: /before"]) });
    const spec = join(root, "app.image.yaml");
    const document = await vscode.workspace.openTextDocument(spec);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
      document.getText().replace("/before", "/after"),
    );
    await vscode.workspace.applyEdit(edit);
    const { dockerfile } = (await callSpec("buildImageSpec", { spec, dryRun: true })) ?? {};
    assert.match(dockerfile ?? "", /WORKDIR \/after/);
    assert.match(readFileSync(spec, "utf8"), /workdir: \/after/);
  });

  it("is cancelled at once, returns nothing, and may be built again", async () => {
    const { spec, sign } = slow("sleep 600");
    const building = callSpec("buildImageSpec", { spec });
    await until(() => outputHas(sign), "the step runs");
    await assert.rejects(callSpec("buildImageSpec", { spec }), /is already being built/);
    await vscode.commands.executeCommand("imageBuilders.cancelBuild");
    assert.equal(await building, undefined);
    assert.deepEqual(marksOn(spec), []);
    assert.match((await callSpec("buildImageSpec", { spec, dryRun: true }))?.dockerfile ?? "", /sleep 600/);
  });

  it("that is deleted while it is built still tells what failed", async () => {
    const { spec, sign } = slow("sleep 2 && exit 7");
    const building = callSpec("buildImageSpec", { spec });
    await Promise.all([
      assert.rejects(building, /exit code: 7|non-zero code: 7/),
      until(() => outputHas(sign), "the step runs").then(() => rmSync(spec)),
    ]);
    await assert.rejects(callSpec("buildImageSpec", { spec }), /Can't find the image spec/);
  });

  it("by the name of another, with other layers, has an address of its own", async () => {
    const name = uniqueName();
    const root = temporaryFolder({
      "a.image.yaml": specText(name, ["workdir: /a"]),
      "b/b.image.yaml": specText(name, ["workdir: /b"]),
    });
    const [a, b] = await Promise.all(
      ["a.image.yaml", "b/b.image.yaml"].map((path) => callSpec("buildImageSpec", { spec: join(root, path) })),
    );
    assert.deepEqual([a?.imageName.split(":")[0], b?.imageName.split(":")[0]], [name, name]);
    assert.notEqual(a?.imageName, b?.imageName);
    assert.notEqual(a?.imageId, b?.imageId);
  });

  it("is built where its registry does not answer or wants a login, and the push tells what to do", async () => {
    const cases = [
      ["127.0.0.1:1", /127\.0\.0\.1:1.*(?:cannot be reached|refused)/s],
      [authRegistry(), /password|log ?in|credentials/i],
    ] as const;
    for (const [uri, message] of cases) {
      await set("registries", [{ name: "test", flavor: "default", configuration: { uri } }]);
      const root = temporaryFolder({ "app.image.yaml": specText(uniqueName(), ["workdir: /app"]) });
      await assert.rejects(
        callSpec("buildAndPushImageSpec", { spec: join(root, "app.image.yaml") }).finally(() =>
          set("registries", registries),
        ),
        message,
      );
      assert.ok(outputHas("Can't determine whether "), "the log says why it is built");
    }
  });

  it("may be meant by its preview, and is pushed again to where it went", async () => {
    const root = temporaryFolder({ "app.image.yaml": specText(uniqueName(), ["workdir: /app"]) });
    const spec = join(root, "app.image.yaml");
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(spec));
    await vscode.commands.executeCommand("imageBuilders.previewDockerfile");
    const preview = vscode.workspace.textDocuments.find(
      ({ uri, isClosed }) => !isClosed && uri.query === vscode.Uri.file(spec).toString(),
    );
    assert.ok(preview && previewOf(spec), "the preview is open");
    await vscode.window.showTextDocument(preview, vscode.ViewColumn.Beside);
    const uri = await vscode.commands.executeCommand<string>("imageBuilders.copyImageUri");
    const two = [{ name: "other", flavor: "default", configuration: { uri: "127.0.0.1:1" } }, ...registries];
    await set("registries", two);
    const first = await callSpec("buildAndPushImageSpec", { spec, registry: "test" });
    const again = await vscode.commands
      .executeCommand<{ readonly imageName: string; readonly exists?: boolean }>("imageBuilders.rebuildImage")
      .then(
        (outcome) => outcome,
        (error: unknown) => assert.fail(String(error)),
      );
    await set("registries", registries);
    assert.deepEqual([first?.imageName, again.imageName, again.exists], [uri, uri, true]);
  });
});
