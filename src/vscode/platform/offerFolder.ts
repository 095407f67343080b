import * as vscode from "vscode";
import { showInformationMessage } from "../ui/messages";

/** Shows that a command requires an open folder, with a button that opens one. If folders are open, does nothing. */
export async function offerFolder(message: string): Promise<void> {
  if (vscode.workspace.workspaceFolders?.length) return;
  const open = vscode.l10n.t("Open Folder...");
  if ((await showInformationMessage(message, open)) === open)
    await vscode.commands.executeCommand("workbench.action.files.openFolder");
}
