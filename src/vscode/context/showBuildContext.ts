import * as vscode from "vscode";
import type { ContextPlace } from "../platform/contextPlace";
import { isDockerfile } from "../platform/fileKinds";
import { relativePath } from "./model/relativePath";
import type { WithIgnoreModels } from "./model/ignoreModels";
import type { WithContextView } from "./view/contextView";
import { chooseBuildContext } from "./chooseBuildContext";

/**
 * Shows what a build would send from a folder, from a Dockerfile's build context, or from the build context that
 * contains a file. Asks for one if no target is given.
 */
export async function showBuildContext(services: WithContextView & WithIgnoreModels, target?: unknown): Promise<void> {
  if (!(target instanceof vscode.Uri)) return chooseBuildContext(services);
  const { folder, dockerfile, path } = await placeFor(services, target);
  await services.contextView.show({ folder, dockerfile }, path);
}

async function placeFor(
  { ignoreModels, contextView }: WithContextView & WithIgnoreModels,
  uri: vscode.Uri,
): Promise<ContextPlace & { readonly path?: string }> {
  const { type } = await vscode.workspace.fs.stat(uri);
  if (type & vscode.FileType.Directory) return { folder: uri };
  if (isDockerfile(uri)) return { folder: ignoreModels.contextOf(uri), dockerfile: uri };
  const shown = contextView.live?.place;
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, "..");
  const place = shown && relativePath(shown.folder, uri) !== undefined ? shown : { folder };
  return { ...place, path: relativePath(place.folder, uri) };
}
