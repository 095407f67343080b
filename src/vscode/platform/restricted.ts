import { statSync } from "node:fs";
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

/** Entry of a folder, as VS Code's own function returns it. */
export type FolderEntry = readonly [name: string, type: vscode.FileType];

/**
 * Lists a folder; empty if it may not be listed, or can't be. In Restricted Mode, lists exactly the folder that was
 * checked, even if a link takes its place.
 */
export async function listAllowed(folder: vscode.Uri): Promise<readonly FolderEntry[]> {
  const within = confinement();
  if (within === undefined || folder.scheme !== "file") {
    if (!(await mayRead(folder))) return [];
    return Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
  }
  const { entriesIn } = await import("../../core/image/files/confinedFiles");
  const { File, Directory, SymbolicLink } = vscode.FileType;
  try {
    return entriesIn(folder.fsPath, within).map(({ name, isLink, isFolder }) => [
      name,
      (isFolder ? Directory : File) | (isLink ? SymbolicLink : 0),
    ]);
  } catch {
    return [];
  }
}

/**
 * Returns the path without links of a folder on disk whose files may be listed.
 *
 * @throws `NoPermissions` outside the workspace if it is not trusted; the system's errors
 */
export async function listedPath(folder: vscode.Uri): Promise<string> {
  const within = confinement();
  if (within === undefined)
    return (await import("../../core/context/files/realFolder")).realFolder(folder.fsPath).realPath;
  const { listablePath } = await import("../../core/image/files/confinement");
  const real = listablePath(folder.fsPath, within);
  if (real === undefined) throw vscode.FileSystemError.NoPermissions(folder);
  return real;
}

/** Reads a file if it may be read; otherwise throws `FileNotFound`, as for a missing file. */
export async function readAllowed(uri: vscode.Uri): Promise<Uint8Array> {
  const within = confinement();
  if (within === undefined) return readBounded(uri);
  if (!(await mayRead(uri))) throw vscode.FileSystemError.FileNotFound(uri);
  if (uri.scheme !== "file") return readBounded(uri);
  const { readConfined } = await import("../../core/image/files/confinedFiles");
  return reading(uri, () => {
    // A link may have replaced the file since it was checked.
    const read = readConfined(uri.fsPath, within);
    if (read) return read.bytes;
    const isFolder = statSync(uri.fsPath).isDirectory();
    throw Object.assign(new Error("it is not a file"), isFolder && { code: "EISDIR" });
  });
}

/**
 * Reads a small regular file on disk. VS Code's own function would wait for pipes and read devices and files of any
 * size.
 */
export async function readBounded(uri: vscode.Uri): Promise<Uint8Array> {
  if (uri.scheme !== "file") return vscode.workspace.fs.readFile(uri);
  const { readSmallBytes } = await import("../../core/border/readSmallFile");
  return reading(uri, () => readSmallBytes(uri.fsPath));
}

/** Reads a file on disk, and throws VS Code's errors for a missing file and a folder. */
async function reading(uri: vscode.Uri, read: () => Uint8Array | Promise<Uint8Array>): Promise<Uint8Array> {
  if (isLinkedAway(uri.fsPath))
    throw new ImageBuilderError(
      "contextUnreadable",
      vscode.l10n.t('"{0}" is a link to another computer and was not accessed.', uri.fsPath),
    );
  try {
    return await read();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") throw vscode.FileSystemError.FileNotFound(uri);
    if (code === "EISDIR") throw vscode.FileSystemError.FileIsADirectory(uri);
    if (ImageBuilderError.is(error, "workspaceUntrusted")) throw vscode.FileSystemError.FileNotFound(uri);
    throw new ImageBuilderError(
      "contextUnreadable",
      vscode.l10n.t('Can\'t read "{0}": {1}.', uri.fsPath, messageOf(error)),
      { cause: error },
    );
  }
}
