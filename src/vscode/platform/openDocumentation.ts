import * as vscode from "vscode";

const page = "https://github.com/image-builders/image-builders#readme";

/** Opens the documentation in the browser. */
export async function openDocumentation(): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(page));
}
