import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Shows a text in the status bar for some milliseconds, without icons: VS Code would draw those in it. */
export function setStatusBarMessage(text: string, forMs: number): void {
  vscode.window.setStatusBarMessage(defuseLabel(text), forMs);
}
