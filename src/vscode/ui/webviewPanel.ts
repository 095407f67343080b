import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

/** Creates a webview panel; `setPanelTitle` sets its title. */
export function createWebviewPanel(viewType: string, column: vscode.ViewColumn): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(viewType, "", column);
}

/** Sets the title of a panel's tab. */
export function setPanelTitle(panel: vscode.WebviewPanel, title: string): void {
  panel.title = defuseLabel(title);
}
