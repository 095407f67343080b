import assert from "node:assert/strict";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { extension } from "./extension";

describe("a Dockerfile in the editor", () => {
  before(() => extension().activate());
  after(removeTemporaryFolders);

  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("imageBuilders");
  afterEach(() => settings().update("dockerfileCodeLens", undefined, vscode.ConfigurationTarget.Global));

  async function lensesOf(name: string): Promise<(vscode.Command | undefined)[]> {
    const uri = vscode.Uri.file(`${temporaryFolder({ [name]: "FROM scratch\n" })}/${name}`);
    await vscode.workspace.openTextDocument(uri);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
    return lenses.map(({ command }) => command).filter((command) => command?.command.startsWith("imageBuilders.build"));
  }

  it("shows above its first line what builds it", async () => {
    const commands = await lensesOf("web.Dockerfile");
    assert.deepEqual(
      commands.map((command) => command?.title),
      ["Build and Push", "Build"],
    );
    for (const command of commands) assert.match(String((command?.arguments ?? [])[0]), /web\.Dockerfile$/);
  });

  it("shows nothing if it only looks like one, or if the setting is off", async () => {
    assert.deepEqual(await lensesOf("dockerfile.go"), []);
    await settings().update("dockerfileCodeLens", false, vscode.ConfigurationTarget.Global);
    assert.deepEqual(await lensesOf("Dockerfile"), []);
  });
});
