import * as vscode from "vscode";

/** Opens VS Code's editor in which a person trusts the workspace. */
export async function manageWorkspaceTrust(): Promise<void> {
  await vscode.commands.executeCommand("workbench.trust.manage");
}
