import { dirname } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { showOpenDialog } from "../ui/fileDialog";
import { titleOf, type BuildStep } from "./buildDraft";
import { back, type Answer } from "../ui/back";
import { pick } from "../ui/quickInput";
import { withoutEnd } from "../../core/base/trimText";

/**
 * Which folder it is about: the only one of the workspace, one that is picked, or one of the disk where none is open.
 */
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
 * The folder's path on disk.
 *
 * @throws ImageBuilderError `contextUnreadable` for a folder of a virtual file system, which no daemon's client can
 * read
 */
export function folderPath(uri: vscode.Uri | undefined): string {
  if (uri?.scheme === "file") return withoutSlash(uri.fsPath);
  throw new ImageBuilderError(
    "contextUnreadable",
    vscode.l10n.t('"{0}" is not a folder on disk. Open a local copy of it to build.', uri?.toString(true) ?? ""),
  );
}

/** One spelling for each folder, since answers are remembered by it. */
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
