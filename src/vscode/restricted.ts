import * as vscode from "vscode";

/** The folders outside of which nothing is read while the workspace is not trusted; undefined in a trusted one. */
export function confinement(): readonly string[] | undefined {
  if (vscode.workspace.isTrusted) return undefined;
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
}

/** Whether a file or folder may be read: links out of the workspace's folders lead nowhere in Restricted Mode. */
export async function mayRead(uri: vscode.Uri): Promise<boolean> {
  const within = confinement();
  if (within === undefined) return true;
  if (uri.scheme !== "file") return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const { isConfined } = await import("../core/image/files/confinement");
  return isConfined(uri.fsPath, within);
}

/** Reads a file that may be read; throws like the file system, as if there were none where it may not. */
export async function readAllowed(uri: vscode.Uri): Promise<Uint8Array> {
  if (!(await mayRead(uri))) throw vscode.FileSystemError.FileNotFound(uri);
  return vscode.workspace.fs.readFile(uri);
}
