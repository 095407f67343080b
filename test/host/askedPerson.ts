import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../src/core/base/errors";
import { uniqueName } from "../support/engine";
import { until } from "../support/until";
import { answerDialogs, type Dialog } from "./dialogs";
import { call, set } from "./extension";

/** The environment variable that holds what a source may give. */
export const variable = "IMAGE_BUILDERS_HOST_CANARY";

/** The workspace's folder. */
export const root = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";

/** Writes a setting of the workspace. */
export const setShared = async (key: string, value: unknown): Promise<void> =>
  vscode.workspace.getConfiguration("imageBuilders").update(key, value, vscode.ConfigurationTarget.Workspace);

/** Builds a folder to its folder `out`. */
export const build = (folder: string, options: object = {}) =>
  call("buildImage", {
    folder,
    imageName: uniqueName(),
    options: { output: { type: "local", dest: "out" }, ...options },
  });

/** What a build has got. */
export const got = (folder: string): string => readFileSync(join(folder, "out/got"), "utf8");

/** An error that says of which use that nobody has allowed it. */
export const isRefused = (words: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, "sourceNotConfirmed"), String(error));
  assert.match(error.message, words);
  return true;
};

/** The person who is asked about the sources that a workspace names. */
export class AskedPerson {
  allows = false;
  dialogs: Dialog[] = [];
  stop: () => void = () => undefined;

  /** Answers the dialogs of a test. */
  begin(): void {
    this.allows = false;
    ({ dialogs: this.dialogs, stop: this.stop } = answerDialogs(() => (this.allows ? "Allow" : undefined)));
    process.env[variable] = uniqueName("canary");
  }

  /** Takes back what a test has set and allowed. */
  async end(): Promise<void> {
    this.stop();
    for (const key of [
      "dockerHost",
      "buildSecrets",
      "buildSsh",
      "buildContexts",
      "builders",
      "connectors",
      "registries",
      "uvImage",
    ]) {
      await setShared(key, undefined);
      await set(key, undefined);
    }
    await this.revokeAll();
    delete process.env[variable];
  }

  /** Takes back all that was allowed, by the command's own list. */
  async revokeAll(): Promise<void> {
    let ended = false;
    const managing = Promise.resolve(vscode.commands.executeCommand("imageBuilders.manageTrustedSources")).finally(
      () => (ended = true),
    );
    await until(async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return ended;
    }, "the list is empty");
    await managing;
  }
}
