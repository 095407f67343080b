import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { contactedHost } from "../../core/base/contactedHost";

/**
 * Refuses paths that Windows would sign in to another computer for as soon as they are looked at, unless a folder of
 * the workspace is on that computer: a task or keybinding of a workspace may name them, and a link in it lead there.
 *
 * @throws ImageBuilderError `optionInvalid`
 */
export function refuseForeignPaths(...paths: readonly unknown[]): void {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const foreign = paths
    .filter((path) => typeof path === "string")
    .find((path) => (folders.length > 0 ? folders : [undefined]).every((folder) => isForeign(path, folder)));
  if (foreign === undefined) return;
  throw new ImageBuilderError(
    "optionInvalid",
    vscode.l10n.t('"{0}" is on another computer and was not accessed. Open its folder in VS Code first.', foreign),
  );
}

function isForeign(path: string, folder: string | undefined): boolean {
  return contactedHost(path, folder) !== undefined;
}
