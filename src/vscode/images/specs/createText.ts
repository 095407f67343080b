import { basename } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../../core/base/errors";
import { checkWritable } from "../../platform/writable";
import { showWarningMessage } from "../../ui/messages";

interface NewFile {
  readonly uri: vscode.Uri;
  readonly text: string;
}

/**
 * Writes new files and opens the first. Asks before replacing existing files, and returns undefined if that is
 * declined.
 *
 * @throws ImageBuilderError `optionInvalid` if they can't be written
 */
export async function createText(files: readonly NewFile[]): Promise<vscode.Uri | undefined> {
  for (const { uri } of files) await checkWritable(uri);
  const taken = (
    await Promise.all(files.map(async ({ uri }) => ((await exists(uri)) ? [basename(uri.path)] : [])))
  ).flat();
  if (taken.length > 0) {
    const replace = vscode.l10n.t("Replace");
    const question = vscode.l10n.t("{0} already exists. Replace it?", taken.join(", "));
    if ((await showWarningMessage(question, { modal: true }, replace)) !== replace) return undefined;
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, text } of files) edit.createFile(uri, { overwrite: true, contents: Buffer.from(text) });
  // A link may have been put there while the question was open.
  for (const { uri } of files) await checkWritable(uri);
  const names = files.map(({ uri }) => vscode.workspace.asRelativePath(uri)).join(", ");
  if (!(await vscode.workspace.applyEdit(edit)))
    throw new ImageBuilderError(
      "optionInvalid",
      vscode.l10n.t('Can\'t write "{0}". Check that you have permission to write it.', names),
    );
  const [first] = files;
  if (first) await vscode.window.showTextDocument(first.uri);
  return first?.uri;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
