import { join } from "node:path";
import * as vscode from "vscode";
import type { Log } from "../../../core/base/log";
import { pathWithin } from "../../../core/base/pathWithin";
import { excludePaths } from "../../context/excludeFromBuildContext";
import type { IgnoreModels } from "../../context/model/ignoreModels";
import { LiveOverview } from "../../context/model/liveOverview";
import type { BuildAnswers } from "../../platform/memory";
import { buildOptionsOf } from "../buildOptionsOf";
import type { Build } from "../history/build";

/** File of a build. */
export interface ContextFile {
  /** Name of a named context; undefined for the build's own. */
  readonly context?: string;
  /** Relative to the context, with slashes. */
  readonly path: string;
}

/** Opens a file of a build's context, or excludes it from the build's own context after showing the effect. */
export async function actOnFile(
  action: "openFile" | "excludeFile",
  { answers }: Build,
  { context, path }: ContextFile,
  { ignoreModels, log }: { readonly ignoreModels: IgnoreModels; readonly log: Log },
): Promise<void> {
  const { folder, dockerfile } = answers;
  const root = context === undefined ? folder : await folderOfContext(context, answers);
  if (root === undefined) return;
  const file = join(root, path);
  // The path comes from a stored file, which other programs can change.
  if (pathWithin(root, file) === undefined) return;
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

async function folderOfContext(context: string, answers: BuildAnswers): Promise<string | undefined> {
  const [{ contextFolders }, { buildContexts = {} }] = await Promise.all([
    import("../../../core/engine/namedContexts"),
    buildOptionsOf(answers, []),
  ]);
  return contextFolders(buildContexts, answers.folder).get(context);
}
