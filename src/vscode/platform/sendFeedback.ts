import * as vscode from "vscode";

/** Opens VS Code's form for an issue, with this extension filled in. */
export async function sendFeedback(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openIssueReporter", {
    extensionId: "image-builders.image-builders",
  });
}
