import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Component } from "../../src/api/api";
import { answerBoxes } from "./boxes";
import { stored } from "./componentCommands";
import { answerDialogs } from "./dialogs";
import { extension, set } from "./extension";

describe("the login of GitHub's registry", () => {
  let asked: unknown[] = [];
  let stop: () => void = () => undefined;
  before(() => extension().activate());
  beforeEach(() => {
    asked = [];
    const { getSession } = vscode.authentication;
    Object.assign(vscode.authentication, {
      getSession: async (...request: unknown[]) => {
        asked.push(request);
        return { id: "1", account: { id: "1", label: "octo" }, accessToken: "gho_canary", scopes: request[1] };
      },
    });
    // The registry is out of reach, so that the login can't be tried.
    const dialogs = answerDialogs(({ message }) => (message.startsWith("Delete") ? "Delete" : "Save Anyway"));
    stop = () => {
      dialogs.stop();
      Object.assign(vscode.authentication, { getSession });
    };
  });
  afterEach(async () => {
    await remove();
    stop();
    await vscode.workspace.getConfiguration("github-enterprise").update("uri", undefined, true);
  });

  async function add(flavor: string, uri: string, answers: readonly string[]): Promise<Component | undefined> {
    const stopBoxes = answerBoxes([flavor, uri, "mine", "User Settings", ...answers]);
    await vscode.commands.executeCommand("imageBuilders.addRegistry");
    assert.deepEqual(stopBoxes(), []);
    return stored().find(({ name }) => name === "mine");
  }

  async function remove(): Promise<void> {
    for (const { configuration } of stored()) {
      const secret = configuration["authenticationSecret"];
      if (typeof secret === "string")
        await vscode.commands.executeCommand("imageBuilders.deleteSecret", { kind: "secret", secret, keys: [] });
    }
    await set("registries", undefined);
  }

  it("is VS Code's session, for the permission to read and write packages", async () => {
    const { configuration } = (await add("GitHub", "ghcr.io/team", ["Sign In with GitHub"])) ?? {};
    assert.deepEqual(asked, [["github", ["read:packages", "write:packages"], { createIfNone: true }]]);
    assert.deepEqual(configuration, { uri: "ghcr.io/team", authenticationSecret: "mine" });
    assert.doesNotMatch(JSON.stringify(stored()), /gho_canary/);
  });

  it("is VS Code's session at the server that the user settings name, for its own registry", async () => {
    await vscode.workspace.getConfiguration("github-enterprise").update("uri", "https://git.example.test", true);
    await add("GitHub", "containers.git.example.test/team", ["Sign In with GitHub Enterprise"]);
    assert.deepEqual(asked, [["github-enterprise", ["read:packages", "write:packages"], { createIfNone: true }]]);
  });

  it("may be another user name and token, or none", async () => {
    const typed = await add("GitHub", "ghcr.io/team", ["Enter User Name", "me", "token"]);
    assert.equal(typed?.configuration["authenticationSecret"], "mine");
    await remove();
    const none = await add("GitHub", "ghcr.io/team", ["No Login"]);
    assert.deepEqual(none?.configuration, { uri: "ghcr.io/team" });
    assert.deepEqual(asked, []);
  });

  it("is asked for as any other where the host isn't GitHub's", async () => {
    for (const host of ["ghcr.io.example.test", "containers.git.example.test"]) {
      await add("Container registry", `${host}/team`, [""]);
      await remove();
    }
    assert.deepEqual(asked, []);
  });
});
