import * as vscode from "vscode";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../core/base/errors";

/** The folders outside of which nothing is read while the workspace is not trusted; undefined in a trusted one. */
export function confinement(): readonly string[] | undefined {
  if (vscode.workspace.isTrusted) return undefined;
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => uri.fsPath);
}

/** Whether a file or folder may be read: links out of the workspace's folders lead nowhere in Restricted Mode. */
export async function mayRead(uri: vscode.Uri): Promise<boolean> {
  const within = confinement();
  if (within === undefined) return true;
  if (uri.scheme !== "file") return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const { isConfined } = await import("../../core/image/files/confinement");
  return isConfined(uri.fsPath, within);
}

/** Reads a file that may be read; throws like the file system, as if there were none where it may not. */
export async function readAllowed(uri: vscode.Uri): Promise<Uint8Array> {
  if (!(await mayRead(uri))) throw vscode.FileSystemError.FileNotFound(uri);
  return readBounded(uri);
}

/** Reads a file of a folder: VS Code's own reading waits for pipes, and takes devices and files of any size. */
export async function readBounded(uri: vscode.Uri): Promise<Uint8Array> {
  if (uri.scheme !== "file") return vscode.workspace.fs.readFile(uri);
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
