import assert from "node:assert/strict";
import * as vscode from "vscode";
import { silentLog } from "../../src/core/base/log";
import { selectedPython } from "../../src/vscode/images/specs/selectedPython";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

describe("the Python interpreter that is selected in VS Code", () => {
  after(removeTemporaryFolders);

  for (const [text, version] of [
    ["3.11", [3, 11]],
    ["2.7", undefined],
    ["3", undefined],
    [undefined, undefined],
  ] as const) {
    it(`is told by the Python extension: ${text ?? "nothing"}`, async () => {
      const folder = temporaryFolder(text === undefined ? {} : { "selected-python": text });
      assert.deepEqual(await selectedPython({ log: silentLog }, vscode.Uri.file(folder)), version);
    });
  }
});
