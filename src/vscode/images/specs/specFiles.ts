import * as vscode from "vscode";
import { folderPath } from "../../builds/askFolder";

/** Glob pattern of image specs. */
export const specPattern = "**/*.image.{yaml,yml,json,mjs,ts}";

/** Document selector for image specs. */
export const specSelector = [{ pattern: specPattern }];

/** Whether a spec is a module, which must be run to be read. */
export function isSpecModule(uri: vscode.Uri): boolean {
  return /\.(mjs|ts)$/.test(uri.path);
}

/** Returns the path of a spec in the workspace, as it is shown. */
export function specLabel(spec: vscode.Uri): string {
  return vscode.workspace.asRelativePath(spec, (vscode.workspace.workspaceFolders?.length ?? 0) > 1);
}

/**
 * Returns the folder that the paths in a spec are relative to.
 *
 * @throws ImageBuilderError `contextUnreadable` for a folder of a virtual file system
 */
export function specFolder(spec: vscode.Uri): string {
  return folderPath(vscode.Uri.joinPath(spec, ".."));
}
