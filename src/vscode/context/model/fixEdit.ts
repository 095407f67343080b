import * as vscode from "vscode";
import type { TextEdit } from "../../../core/context/lint/state/textEdits";
import type { IgnoreModel } from "./ignoreModel";
import { rangeOf } from "../../platform/ranges";
import { isWritable } from "../../platform/writable";

/**
 * Converts a fix to an edit of the ignore file, which is created if it doesn't exist.
 *
 * @param hasMark whether the text that the fix applies to begins with a byte order mark
 */
export async function editOf(
  { edits }: { readonly edits: readonly TextEdit[] },
  model: Pick<IgnoreModel, "uri">,
  hasMark: boolean,
): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  if (!(await exists(model.uri))) edit.createFile(model.uri);
  for (const { range, newText } of edits) edit.replace(model.uri, rangeOf(range, hasMark), newText);
  return edit;
}

/**
 * Converts a fix to an edit that VS Code applies itself; returns undefined where it would create a file outside the
 * workspace, through a link.
 */
export async function offeredEditOf(
  ...[fix, model, hasMark]: Parameters<typeof editOf>
): Promise<vscode.WorkspaceEdit | undefined> {
  if (!(await exists(model.uri)) && !(await isWritable(model.uri))) return undefined;
  return editOf(fix, model, hasMark);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}
