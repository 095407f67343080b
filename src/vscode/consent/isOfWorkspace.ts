import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import * as vscode from "vscode";

/** Whether a file or folder, its path without links, is a folder of the workspace or below one. */
export async function isOfWorkspace(path: string): Promise<boolean> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const roots = await Promise.all(folders.map(({ uri }) => realpath(uri.fsPath).catch(() => undefined)));
  return roots.some((root) => root !== undefined && isBelow(root, path));
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
