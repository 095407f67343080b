import { posix } from "node:path";
import * as vscode from "vscode";
import { isIgnoreFileName } from "../../core/context/dockerignore/ignoreFileName";
import { isDockerfileName } from "../../core/dockerfile/dockerfileName";

/** The ignore files that are understood, as VS Code selects documents. */
export const ignoreFileSelector = [{ pattern: "**/{.dockerignore,.containerignore,*.dockerignore,*.containerignore}" }];

/** Files named as Dockerfiles are, as VS Code selects documents. */
export const dockerfileSelector = [
  { pattern: "**/{[Dd]ocker,[Cc]ontainer}file*" },
  { pattern: "**/*.{[Dd]ocker,[Cc]ontainer}file" },
];

/** Whether a file keeps others out of build contexts. */
export function isIgnoreFile(uri: vscode.Uri): boolean {
  return isIgnoreFileName(uri.path);
}

/** Whether a file is named as Dockerfiles are. */
export function isDockerfile(uri: vscode.Uri): boolean {
  return isDockerfileName(posix.basename(uri.path));
}

/** Whether a document is of a folder's file: not of an earlier version of it, nor of what was never saved. */
export function isOnFileSystem(uri: vscode.Uri): boolean {
  return (
    uri.scheme === "file" ||
    vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true ||
    vscode.workspace.getWorkspaceFolder(uri) !== undefined
  );
}

/** Whether a file says what an image is. */
export function isSpecFile(uri: vscode.Uri): boolean {
  return /\.image\.(ya?ml|json|mjs|ts)$/.test(uri.path);
}
