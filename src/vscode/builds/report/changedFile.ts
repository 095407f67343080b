import { join } from "node:path";
import * as vscode from "vscode";
import type { Log } from "../../../core/base/log";
import { pathWithin } from "../../../core/base/pathWithin";
import { excludePaths } from "../../context/excludeFromBuildContext";
import type { IgnoreModels } from "../../context/model/ignoreModels";
import { LiveOverview } from "../../context/model/liveOverview";
import type { Build } from "../history/build";

/**
 * Opens a file of a build's context, or excludes it from the context after showing the effect.
 *
 * @param path relative to the context, with slashes
 */
export async function actOnFile(
  action: "openFile" | "excludeFile",
  { answers: { folder, dockerfile } }: Build,
  path: string,
  { ignoreModels, log }: { readonly ignoreModels: IgnoreModels; readonly log: Log },
): Promise<void> {
  const file = join(folder, path);
  // The path comes from a stored file, which other programs can change.
  if (pathWithin(folder, file) === undefined) return;
  if (action === "openFile") {
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file), vscode.ViewColumn.Beside);
    return;
  }
  const place = { folder: vscode.Uri.file(folder), dockerfile: vscode.Uri.file(dockerfile) };
  const live = new LiveOverview(place, ignoreModels, log);
  try {
    await live.update();
    await excludePaths({ live, paths: [path] });
  } finally {
    live.dispose();
  }
}
