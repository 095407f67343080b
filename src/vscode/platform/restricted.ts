import * as vscode from "vscode";
import type { Confinement } from "../../core/image/files/confinement";
import { isLinkedAway } from "../../core/base/contactedHost";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../core/base/errors";

/** Returns the only folders that may be read while the workspace is not trusted; undefined in a trusted workspace. */
export function confinement(): Confinement {
  return vscode.workspace.isTrusted ? undefined : { folders: folderPaths() };
}

/** Returns the paths of the workspace's folders on this machine. */
export function folderPaths(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => uri.fsPath);
}

/** Whether a file or folder may be read. In Restricted Mode, links out of the workspace folders are not followed. */
export async function mayRead(uri: vscode.Uri): Promise<boolean> {
  const within = confinement();
  if (within === undefined) return true;
  if (uri.scheme !== "file") return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const { isConfined } = await import("../../core/image/files/confinement");
  return isConfined(uri.fsPath, within);
}

/** Reads a file if it may be read; otherwise throws `FileNotFound`, as for a missing file. */
export async function readAllowed(uri: vscode.Uri): Promise<Uint8Array> {
  if (!(await mayRead(uri))) throw vscode.FileSystemError.FileNotFound(uri);
  return readBounded(uri);
}

/**
 * Reads a small regular file on disk. VS Code's own function would wait for pipes and read devices and files of any
 * size.
 */
export async function readBounded(uri: vscode.Uri): Promise<Uint8Array> {
  if (uri.scheme !== "file") return vscode.workspace.fs.readFile(uri);
  if (isLinkedAway(uri.fsPath))
    throw new ImageBuilderError(
      "contextUnreadable",
      vscode.l10n.t('"{0}" is a link to another computer and was not accessed.', uri.fsPath),
    );
  const { readSmallBytes } = await import("../../core/border/readSmallFile");
  try {
    return await readSmallBytes(uri.fsPath);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw vscode.FileSystemError.FileNotFound(uri);
    if (code === "EISDIR") throw vscode.FileSystemError.FileIsADirectory(uri);
    throw new ImageBuilderError(
      "contextUnreadable",
      vscode.l10n.t('Can\'t read "{0}": {1}.', uri.fsPath, messageOf(error)),
      { cause: error },
    );
  }
}
