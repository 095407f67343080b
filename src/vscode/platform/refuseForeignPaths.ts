import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { foreignHost } from "../../core/base/networkPath";

/**
 * Refuses paths that Windows would sign in to another computer for as soon as they are looked at, unless a folder of
 * the workspace is on that computer: a task or keybinding of a workspace may name them.
 *
 * @throws ImageBuilderError `optionInvalid`
 */
export function refuseForeignPaths(...paths: readonly unknown[]): void {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  const foreign = paths
    .filter((path) => typeof path === "string")
    .find((path) => [undefined, ...folders].every((folder) => foreignHost(path, folder) !== undefined));
  if (foreign === undefined) return;
  throw new ImageBuilderError(
    "optionInvalid",
    vscode.l10n.t('"{0}" is on another computer and was not accessed. Open its folder in VS Code first.', foreign),
  );
}
