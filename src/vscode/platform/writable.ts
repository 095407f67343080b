import { dirname } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { pathWithin } from "../../core/base/pathWithin";
import { folderPaths } from "./restricted";

/**
 * Checks that writing a file changes nothing outside the workspace: VS Code writes through links, also through one in a
 * folder above the file, and through one to a file that doesn't exist yet. For a file outside the workspace, its folder
 * counts.
 *
 * @throws ImageBuilderError `optionInvalid` if a link leads out
 */
export async function checkWritable(uri: vscode.Uri): Promise<void> {
  if (await isWritable(uri)) return;
  throw new ImageBuilderError(
    "optionInvalid",
    vscode.l10n.t(
      '"{0}" leads out of the workspace through a link. Nothing was written. Remove the link or open that folder.',
      vscode.workspace.asRelativePath(uri),
    ),
  );
}

/** Whether {@link checkWritable} accepts a file. */
export async function isWritable(uri: vscode.Uri): Promise<boolean> {
  if (uri.scheme !== "file") return true;
  const { isConfined } = await import("../../core/image/files/confinement");
  const folders = folderPaths();
  const isInside = folders.some((folder) => pathWithin(folder, uri.fsPath) !== undefined);
  return isConfined(uri.fsPath, { folders: isInside ? folders : [dirname(uri.fsPath)] });
}
