import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { until } from "../support/until";
import { extension } from "./extension";
import { callSpec, platform, previewOf, specText } from "./specs";

describe("the user of a spec's base", () => {
  before(() => extension().activate());
  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    removeTemporaryFolders();
  });

  it("is restored in the preview and in a converted Dockerfile, as in a build", async () => {
    const root = temporaryFolder({ "base.image.yaml": specText(uniqueName("user-base"), ["user: '1234:99'"]) });
    const base = await callSpec("buildImageSpec", { spec: join(root, "base.image.yaml") });
    const spec = join(root, "app.image.yaml");
    writeFiles(root, {
      "app.image.yaml":
        `from: { base: "${base?.imageName}" }\nclone: { name: ${uniqueName()}, platform: ${platform} }\n` +
        "layers: [{ commands: id }]\n",
    });
    await vscode.commands.executeCommand("imageBuilders.previewDockerfile", vscode.Uri.file(spec));
    await until(() => /^USER 1234:99$/m.test(previewOf(spec) ?? ""), "the preview has the user");
    await vscode.commands.executeCommand("imageBuilders.convertToDockerfile", vscode.Uri.file(spec));
    assert.match(readFileSync(join(root, "app.Dockerfile"), "utf8"), /^RUN id\n\nUSER 1234:99$/m);
  });
});
