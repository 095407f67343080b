import * as vscode from "vscode";
import { ImageBuilderError } from "../../../core/base/errors";

/**
 * Makes an edit of an ignore file and shows the file.
 *
 * @throws ImageBuilderError `optionInvalid` if the file cannot be written
 */
export async function writeIgnoreFile(uri: vscode.Uri, edit: vscode.WorkspaceEdit): Promise<void> {
  await changeIgnoreFile(uri, edit);
  await vscode.window.showTextDocument(uri);
}

/**
 * Makes an edit of an ignore file, which the editor can undo; one that had no unsaved changes has none afterwards, as
 * builds read what is on disk.
 *
 * @throws ImageBuilderError `optionInvalid` if the file cannot be written
 */
export async function changeIgnoreFile(uri: vscode.Uri, edit: vscode.WorkspaceEdit): Promise<void> {
  const wasDirty = vscode.workspace.textDocuments.some(
    (each) => each.isDirty && each.uri.toString() === uri.toString(),
  );
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
}
