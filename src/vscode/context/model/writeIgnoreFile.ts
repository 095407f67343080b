import * as vscode from "vscode";
import { ImageBuilderError } from "../../../core/base/errors";
import { setContext } from "../../platform/contextKeys";
import { openDocument } from "../../platform/openDocument";
import { checkWritable } from "../../platform/writable";

/**
 * Applies an edit to an ignore file and opens it.
 *
 * @throws ImageBuilderError `optionInvalid` if the file can't be written, or if a link leads out of the workspace
 */
export async function writeIgnoreFile(uri: vscode.Uri, edit: vscode.WorkspaceEdit): Promise<void> {
  await changeIgnoreFile(uri, edit);
  await vscode.window.showTextDocument(uri);
}

/**
 * Applies an edit to an ignore file; the editor can undo it. A file without unsaved changes is saved, because builds
 * read it from disk.
 *
 * @throws ImageBuilderError `optionInvalid` if the file can't be written, or if a link leads out of the workspace
 */
export async function changeIgnoreFile(uri: vscode.Uri, edit: vscode.WorkspaceEdit): Promise<void> {
  await checkWritable(uri);
  const wasDirty = openDocument(uri)?.isDirty === true;
  const isWritten =
    (await vscode.workspace.applyEdit(edit)) &&
    (wasDirty || (await (await vscode.workspace.openTextDocument(uri)).save()));
  if (!isWritten)
    throw new ImageBuilderError(
      "optionInvalid",
      vscode.l10n.t(
        'Can\'t write "{0}". Check that you have permission to write it.',
        vscode.workspace.asRelativePath(uri),
      ),
    );
  // VS Code reports no save of a file that the edit creates.
  if (!wasDirty) await setContext("ignoreFileSaved", true);
}
