import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Says something in the status bar for a while; VS Code draws icons in it. */
export function setStatusBarMessage(text: string, forMs: number): void {
  vscode.window.setStatusBarMessage(defuseLabel(text), forMs);
}
