import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../../core/base/errors";
import { folderPaths } from "../../platform/restricted";
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
  for (const { uri } of files) await checkNoLinkOut(uri);
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

/** VS Code would write through a link, also through one to a file that isn't there yet. */
async function checkNoLinkOut(uri: vscode.Uri): Promise<void> {
  if (uri.scheme !== "file") return;
  const { isConfined } = await import("../../../core/image/files/confinement");
  if (isConfined(uri.fsPath, { folders: [...folderPaths(), dirname(uri.fsPath)] })) return;
  throw new ImageBuilderError(
    "optionInvalid",
    vscode.l10n.t(
      '"{0}" is a link to a path outside the workspace, and nothing was written. Remove the link first.',
      vscode.workspace.asRelativePath(uri),
    ),
  );
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
