import * as vscode from "vscode";
import type { KeepOutPlan } from "../../../core/context/review/planKeepOut";
import { ImageBuilderError } from "../../../core/base/errors";
import { rangeOf } from "../../platform/ranges";
import { checkWritable } from "../../platform/writable";

/**
 * Adds a plan's rules to the ignore file and saves it, because the build reads it from disk. The editor can undo the
 * change.
 *
 * @throws ImageBuilderError `contextUnreadable` if the file can't be written; `optionInvalid` if it is outside the
 * workspace through a link
 */
export async function applyPlan({ ignoreFile, fix, hasMark }: KeepOutPlan): Promise<void> {
  const uri = vscode.Uri.file(ignoreFile);
  await checkWritable(uri);
  const change = new vscode.WorkspaceEdit();
  change.createFile(uri, { ignoreIfExists: true });
  for (const { range, newText } of fix.edits) change.replace(uri, rangeOf(range, hasMark), newText);
  const isDone =
    (await vscode.workspace.applyEdit(change)) && (await (await vscode.workspace.openTextDocument(uri)).save());
  if (isDone) return;
  throw new ImageBuilderError(
    "contextUnreadable",
    vscode.l10n.t('Can\'t write the ignore file "{0}". Check that you have permission to write it.', ignoreFile),
  );
}
