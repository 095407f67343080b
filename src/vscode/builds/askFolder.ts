import { dirname } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { showOpenDialog } from "../ui/fileDialog";
import { titleOf, type BuildStep } from "./buildDraft";
import { back, type Answer } from "../ui/back";
import { pick } from "../ui/quickInput";
import { withoutEnd } from "../../core/base/trimText";

/** Asks for the folder: the only one of the workspace, a selected one, or one on disk if no folder is open. */
export const askFolder: BuildStep = async (draft, place) => {
  if (draft.folder !== undefined || draft.dockerfile !== undefined) return { draft, asked: false };
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 1) return { draft: { ...draft, within: folderPath(folders[0]?.uri) }, asked: false };
  const answer =
    folders.length === 0 ? await askOnDisk() : await pick({ ...place, title: titleOf(draft), ...choicesOf(folders) });
  if (answer === undefined || answer === back) return answer;
  return { draft: { ...draft, within: folderPath(answer) }, asked: true };
};

/**
 * Returns the path of a folder on disk.
 *
 * @throws ImageBuilderError `contextUnreadable` for a folder of a virtual file system, whose files can't be sent to a
 * daemon
 */
export function folderPath(uri: vscode.Uri | undefined): string {
  if (uri?.scheme === "file") return withoutSlash(uri.fsPath);
  throw new ImageBuilderError(
    "contextUnreadable",
    vscode.l10n.t('"{0}" is not a folder on disk. Open a local copy of it to build.', uri?.toString(true) ?? ""),
  );
}

/** Removes trailing slashes, so that each folder has one spelling: answers are remembered by path. */
function withoutSlash(path: string): string {
  return path.length > dirname(path).length ? withoutEnd(path, "\\/") : path;
}

function choicesOf(folders: readonly vscode.WorkspaceFolder[]) {
  const active =
    vscode.window.activeTextEditor && vscode.workspace.getWorkspaceFolder(vscode.window.activeTextEditor.document.uri);
  const sorted = [...folders].sort((a, b) => Number(b === active) - Number(a === active));
  return {
    placeholder: vscode.l10n.t("Select a folder to build"),
    choices: sorted.map(({ name, uri }) => ({
      label: name,
      description: uri.fsPath,
      iconPath: new vscode.ThemeIcon("folder"),
      value: uri,
    })),
  };
}

async function askOnDisk(): Promise<Answer<vscode.Uri>> {
  const chosen = await showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t("Build Folder"),
  });
  return chosen?.[0];
}
