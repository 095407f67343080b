import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { uniqueName } from "../support/engine";
import { writeFiles } from "../support/folder";
import { until } from "../support/until";
import { extension } from "./extension";
import { closeAll } from "./findingsIn";

describe("a workspace with hundreds of image specs", () => {
  before(() => extension().activate());
  afterEach(closeAll);

  it("lists 200 of them", async () => {
    const [open] = vscode.workspace.workspaceFolders ?? [];
    const root = join(open?.uri.fsPath ?? assert.fail("no folder is open"), uniqueName("many"));
    const window = vscode.window as { createQuickPick: () => vscode.QuickPick<vscode.QuickPickItem> };
    const { createQuickPick } = window;
    let shown: vscode.QuickPick<vscode.QuickPickItem> | undefined;
    window.createQuickPick = () => (shown = createQuickPick());
    try {
      const spec = "from: { base: busybox }\n";
      writeFiles(root, Object.fromEntries(Array.from({ length: 230 }, (_, i) => [`${i}/app.image.yaml`, spec])));
      await vscode.commands.executeCommand("imageBuilders.refreshImages");
      const picking = vscode.commands.executeCommand("imageBuilders.previewDockerfile");
      await until(async () => (shown?.items.length ?? 0) > 0, "the specs are offered");
      assert.equal(shown?.items.length, 200);
      shown.hide();
      await picking;
    } finally {
      window.createQuickPick = createQuickPick;
      rmSync(root, { recursive: true, force: true });
      await vscode.commands.executeCommand("imageBuilders.refreshImages");
    }
  });
});
