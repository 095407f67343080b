import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Makes a panel for a page; `setPanelTitle` names it. */
export function createWebviewPanel(viewType: string, column: vscode.ViewColumn): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(viewType, "", column);
}

/** Names a panel's tab. */
export function setPanelTitle(panel: vscode.WebviewPanel, title: string): void {
  panel.title = defuseLabel(title);
}
