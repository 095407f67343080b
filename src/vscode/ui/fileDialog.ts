import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Lets files or folders be chosen; the first word of the button and the title are texts like others. */
export function showOpenDialog(options: vscode.OpenDialogOptions): Thenable<vscode.Uri[] | undefined> {
  const { title, openLabel } = options;
  return vscode.window.showOpenDialog({
    ...options,
    ...(title !== undefined && { title: defuseLabel(title) }),
    ...(openLabel !== undefined && { openLabel: defuseLabel(openLabel) }),
  });
}
