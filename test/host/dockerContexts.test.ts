import assert from "node:assert/strict";
import * as vscode from "vscode";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { dockerContext } from "../unit/engine/endpointSupport";
import { answerBoxes } from "./boxes";
import { extension, set } from "./extension";

describe("the Docker context of builds", () => {
  const { DOCKER_CONFIG } = process.env;
  const setting = (key: string): unknown => vscode.workspace.getConfiguration("imageBuilders").get(key);

  before(async () => {
    await extension().activate();
    process.env["DOCKER_CONFIG"] = temporaryFolder(dockerContext("box", "tcp://127.0.0.1:1"));
  });
  after(async () => {
    if (DOCKER_CONFIG === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = DOCKER_CONFIG;
    await set("dockerContext", undefined);
    await set("dockerHost", undefined);
    removeTemporaryFolders();
  });

  async function choose(label: string): Promise<void> {
    const end = answerBoxes([label]);
    await vscode.commands.executeCommand("imageBuilders.useDockerContext");
    assert.deepEqual(end(), []);
  }

  it("is chosen from those of the Docker CLI, in place of a host, and given back to it", async () => {
    await set("dockerHost", "tcp://127.0.0.1:2");
    await choose("box");
    assert.deepEqual([setting("dockerContext"), setting("dockerHost")], ["box", ""]);
    await choose("Same as the Docker CLI");
    assert.equal(setting("dockerContext"), "");
  });

  it("is not chosen against the workspace's settings", async () => {
    const settings = vscode.workspace.getConfiguration("imageBuilders");
    const { showWarningMessage } = vscode.window;
    const told: string[] = [];
    await settings.update("dockerHost", "tcp://127.0.0.1:3", vscode.ConfigurationTarget.Workspace);
    Object.assign(vscode.window, { showWarningMessage: async (text: string) => void told.push(text) });
    try {
      await vscode.commands.executeCommand("imageBuilders.useDockerContext");
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
      await settings.update("dockerHost", undefined, vscode.ConfigurationTarget.Workspace);
    }
    assert.match(told.join(), /workspace settings choose the daemon with "imageBuilders\.dockerHost"/);
    assert.equal(setting("dockerContext"), "");
  });
});
