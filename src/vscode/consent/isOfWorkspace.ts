import { realpath } from "node:fs/promises";
import * as vscode from "vscode";
import { pathWithin } from "../../core/base/pathWithin";

/** Whether a file or folder is in a folder of the workspace or is one. `path` must contain no links. */
export async function isOfWorkspace(path: string): Promise<boolean> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const roots = await Promise.all(folders.map(({ uri }) => realpath(uri.fsPath).catch(() => undefined)));
  return roots.some((root) => root !== undefined && pathWithin(root, path) !== undefined);
}
