import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Shows a dialog to select files or folders, with a safe title and button label. */
export function showOpenDialog(options: vscode.OpenDialogOptions): Thenable<vscode.Uri[] | undefined> {
  const { title, openLabel } = options;
  return vscode.window.showOpenDialog({
    ...options,
    ...(title !== undefined && { title: defuseLabel(title) }),
    ...(openLabel !== undefined && { openLabel: defuseLabel(openLabel) }),
  });
}
