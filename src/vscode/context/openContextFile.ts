import * as vscode from "vscode";
import type { WithTreemaps } from "./treemap/treemaps";
import type { WithContextView } from "./view/contextView";
import { contextTargetOf } from "./view/contextTarget";

/** Opens the selected file of a build context. */
export async function openContextFile(
  services: WithContextView & WithTreemaps,
  target?: unknown,
  selection?: unknown,
): Promise<void> {
  const { live, paths: [path] = [] } = contextTargetOf(services, target, selection) ?? {};
  if (live && path !== undefined)
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.joinPath(live.place.folder, path));
}
