import * as vscode from "vscode";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";
import type { WithGuard } from "./guard/uploadGuard";
import { showInformationMessage } from "../ui/messages";

/** Removes the remembered upload confirmations of a folder, so that its next build asks again. */
export async function forgetUploadAnswers({ guard: { accepted } }: WithGuard, target?: unknown): Promise<void> {
  const folder = target instanceof vscode.Uri ? target.fsPath : await pickFolder(accepted.folders);
  if (folder !== undefined) await accepted.forget(folder);
}

async function pickFolder(folders: readonly string[]): Promise<string | undefined> {
  if (folders.length === 0)
    return void showInformationMessage(vscode.l10n.t("No upload confirmations are remembered in this workspace."));
  const choices = folders.map((folder) => ({
    label: vscode.workspace.asRelativePath(folder),
    description: folder,
    value: folder,
  }));
  const title = vscode.l10n.t("Reset Upload Confirmations");
  const chosen = await pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t("Select the folder whose builds should ask again"),
    choices,
  });
  return chosen === back ? undefined : chosen;
}
