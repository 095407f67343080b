import { statSync } from "node:fs";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { folderPath } from "../builds/askFolder";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";

/**
 * Returns the absolute path of the folder to create a file in: the target or its folder, otherwise a workspace folder.
 *
 * @returns undefined if no folder is open, or if the prompt was dismissed
 */
export async function folderFor(target: unknown, title: string): Promise<string | undefined> {
  if (target instanceof vscode.Uri) {
    const path = folderPath(target);
    return statSync(path).isDirectory() ? path : dirname(path);
  }
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return folders[0] && folderPath(folders[0].uri);
  const choices = folders.map(({ name, uri }) => ({
    label: name,
    description: folderPath(uri),
    value: folderPath(uri),
  }));
  const chosen = await pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t("Select the folder to create the file in"),
    choices,
  });
  return chosen === back ? undefined : chosen;
}
