import { posix } from "node:path";
import type { Uri } from "vscode";

/** The ignore files that are understood, as VS Code selects documents. */
export const ignoreFileSelector = [{ pattern: "**/{.dockerignore,.containerignore,*.dockerignore,*.containerignore}" }];

/** Whether a file keeps others out of build contexts. */
export function isIgnoreFile(uri: Uri): boolean {
  return /\.(docker|container)ignore$/.test(uri.path);
}

/** Whether a file is named as Dockerfiles are. */
export function isDockerfile(uri: Uri): boolean {
  return isDockerfileName(posix.basename(uri.path));
}

/** Whether a name is one that Dockerfiles have. */
export function isDockerfileName(name: string): boolean {
  return /^((docker|container)file([.-].*)?|.+\.(docker|container)file)$/i.test(name) && !/ignore$/i.test(name);
}
