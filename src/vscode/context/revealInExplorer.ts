import * as vscode from "vscode";
import type { WithTreemaps } from "./treemap/treemaps";
import type { WithContextView } from "./view/contextView";
import { contextTargetOf } from "./view/contextTarget";

/** Reveals the selected path of a build context in the Explorer. */
export async function revealInExplorer(
  services: WithContextView & WithTreemaps,
  target?: unknown,
  selection?: unknown,
): Promise<void> {
  const { live, paths: [path] = [] } = contextTargetOf(services, target, selection) ?? {};
  if (live && path !== undefined)
    await vscode.commands.executeCommand("revealInExplorer", vscode.Uri.joinPath(live.place.folder, path));
}
