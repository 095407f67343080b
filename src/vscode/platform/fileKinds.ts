import { posix } from "node:path";
import * as vscode from "vscode";
import { isIgnoreFileName } from "../../core/context/dockerignore/ignoreFileName";
import { isDockerfileName } from "../../core/dockerfile/dockerfileName";

/** Document selector for supported ignore files. */
export const ignoreFileSelector = [{ pattern: "**/{.dockerignore,.containerignore,*.dockerignore,*.containerignore}" }];

/** Document selector for files with names of Dockerfiles. */
export const dockerfileSelector = [
  { pattern: "**/{[Dd]ocker,[Cc]ontainer}file*" },
  { pattern: "**/*.{[Dd]ocker,[Cc]ontainer}file" },
];

/** Whether a file has the name of an ignore file. */
export function isIgnoreFile(uri: vscode.Uri): boolean {
  return isIgnoreFileName(uri.path);
}

/** Whether a file has the name of a Dockerfile. */
export function isDockerfile(uri: vscode.Uri): boolean {
  return isDockerfileName(posix.basename(uri.path));
}

/** Whether a document belongs to a file in a folder, not to an earlier version of it or to an unsaved document. */
export function isOnFileSystem(uri: vscode.Uri): boolean {
  return (
    uri.scheme === "file" ||
    vscode.workspace.fs.isWritableFileSystem(uri.scheme) === true ||
    vscode.workspace.getWorkspaceFolder(uri) !== undefined
  );
}

/** Whether a file has the name of an image spec. */
export function isSpecFile(uri: vscode.Uri): boolean {
  return /\.image\.(ya?ml|json|mjs|ts)$/.test(uri.path);
}
