import * as vscode from "vscode";
import { folderPath } from "../../builds/askFolder";

/** Where image specs are looked for. */
export const specPattern = "**/*.image.{yaml,yml,json,mjs,ts}";

/** Image specs, as VS Code selects documents. */
export const specSelector = [{ pattern: specPattern }];

/** Whether a spec is a module, which has to be run to be read. */
export function isSpecModule(uri: vscode.Uri): boolean {
  return /\.(mjs|ts)$/.test(uri.path);
}

/** What people call a spec: its path in the workspace. */
export function specLabel(spec: vscode.Uri): string {
  return vscode.workspace.asRelativePath(spec, (vscode.workspace.workspaceFolders?.length ?? 0) > 1);
}

/**
 * The folder that a spec's paths are relative to.
 *
 * @throws ImageBuilderError `contextUnreadable` for one of a virtual file system
 */
export function specFolder(spec: vscode.Uri): string {
  return folderPath(vscode.Uri.joinPath(spec, ".."));
}
