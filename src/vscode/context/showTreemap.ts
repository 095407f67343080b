import * as vscode from "vscode";
import type { WithIgnoreModels } from "./model/ignoreModels";
import type { WithTreemaps } from "./treemap/treemaps";
import type { WithContextView } from "./view/contextView";
import { isContextNode } from "./view/contextNode";
import { chooseBuildContext } from "./chooseBuildContext";

/**
 * Opens a treemap of what a build would send: from a folder, from a row of the view, otherwise from the shown build
 * context.
 */
export async function showTreemap(
  services: WithContextView & WithIgnoreModels & WithTreemaps,
  target?: unknown,
): Promise<void> {
  if (target instanceof vscode.Uri) return services.treemaps.show({ folder: target });
  if (!isContextNode(target) && !services.contextView.live) await chooseBuildContext(services);
  const { live, path = "" } = isContextNode(target) ? target : { live: services.contextView.live };
  if (!live) return;
  const folder =
    live.overview?.row(path)?.isDirectory === false ? path.slice(0, Math.max(path.lastIndexOf("/"), 0)) : path;
  await services.treemaps.show(live.place, folder);
}
