import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { readChannels } from "../../scripts/codeHost/outputChannels.mjs";
import { given } from "../support/engine";
import { until } from "../support/until";
import { extension } from "./extension";

describe("an error that nobody handles in the extension host", () => {
  const userData = (): string => join(dirname(given("IMAGE_BUILDERS_TEST_OUTPUT")), "data");

  /** Rejects a promise of nobody's, from a file. */
  function escape(words: string, file: string): void {
    const error = Object.assign(new Error(words), { stack: `Error: ${words}\n    at load (${file}:1:1)` });
    void Promise.reject(error);
  }

  it("is in our log with the command that ran if it is ours, and the host lives on", async () => {
    await extension().activate();
    await vscode.commands.executeCommand("imageBuilders.refreshViews");
    const { extensionPath } = extension();
    const [ours, theirs] = [`ours ${Date.now()}`, `theirs ${Date.now()}`];
    escape(theirs, join(extensionPath, "elsewhere", "core.js"));
    escape(ours, join(extensionPath, "dist", "core.js"));
    await until(async () => (await readChannels(userData())).includes(ours), "the log has it");
    const log = await readChannels(userData());
    assert.match(log, /Unexpected error \(commands: .*imageBuilders\.refreshViews.*\)/);
    assert.ok(!log.includes(theirs), "another's is left to the host");
    assert.ok((await vscode.commands.getCommands(true)).includes("imageBuilders.buildImage"));
  });
});
