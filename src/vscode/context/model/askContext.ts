import * as vscode from "vscode";
import type { ContextPlace } from "../../platform/contextPlace";
import { dockerfileName, findContexts } from "./findContext";
import type { HeldModel, WithIgnoreModels } from "./ignoreModels";
import type { WithMemory } from "../../platform/memory";
import { back } from "../../ui/back";
import { pick } from "../../ui/quickInput";

/** Asks which of some contexts is meant, where there are several. @throws vscode.CancellationError if none is picked */
export async function askWhichContext(
  title: string,
  places: readonly ContextPlace[],
): Promise<ContextPlace | undefined> {
  if (places.length < 2) return places[0];
  const choices = places.map((value) => ({
    label: dockerfileName(value),
    description: vscode.workspace.asRelativePath(value.folder),
    iconPath: new vscode.ThemeIcon("file-code"),
    value,
  }));
  const answer = await pick({
    title,
    placeholder: vscode.l10n.t("Select the Dockerfile of the build"),
    canGoBack: false,
    choices,
  });
  if (answer === undefined || answer === back) throw new vscode.CancellationError();
  return answer;
}

/**
 * The ignore file that a command is about: the one it was called on or that counts for the Dockerfile or folder it was
 * called on, else for the file in the editor or for one of the workspace's folders; nothing where no folder is open.
 *
 * @throws vscode.CancellationError if none is picked
 */
export async function askIgnoreFile(
  services: WithIgnoreModels & WithMemory,
  title: string,
  target: unknown,
): Promise<HeldModel | undefined> {
  const uri = target instanceof vscode.Uri ? target : activeUri();
  const own = uri && (await services.ignoreModels.ofFile(uri));
  if (own) return own;
  const place = await askWhichContext(
    title,
    await contextsFor(services, target instanceof vscode.Uri ? target : undefined, uri),
  );
  return place && services.ignoreModels.ofFolder(place.folder, place.dockerfile);
}

async function contextsFor(
  services: WithIgnoreModels & WithMemory,
  folder: vscode.Uri | undefined,
  open: vscode.Uri | undefined,
): Promise<ContextPlace[]> {
  if (folder) {
    const here = (await findContexts(services, folder)).filter(
      (place) => place.folder.toString() === folder.toString(),
    );
    return here.length > 0 ? here : [{ folder }];
  }
  const around = open ? await findContexts(services, open) : [];
  if (around.length > 0) return around;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return Promise.all(folders.map(async ({ uri }) => (await findContexts(services, uri))[0] ?? { folder: uri }));
}

/** The place of the file that is in front. */
export function activeUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook
  )
    return input.uri;
  return vscode.window.activeTextEditor?.document.uri;
}
