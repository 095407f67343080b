import * as vscode from "vscode";
import type { ContextPlace } from "../../platform/contextPlace";
import { dockerfileName, findContexts } from "./findContext";
import type { HeldModel, WithIgnoreModels } from "./ignoreModels";
import type { WithMemory } from "../../platform/memory";
import { back } from "../../ui/back";
import { pick } from "../../ui/quickInput";

/**
 * Asks for one of several build contexts; returns a single one without a prompt. @throws vscode.CancellationError if
 * the prompt was dismissed
 */
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
 * Returns the ignore file for a command: the target itself or the one that applies to the target, otherwise the one for
 * the active editor, otherwise the one of a workspace folder. Returns undefined if no folder is open.
 *
 * @throws vscode.CancellationError if a prompt was dismissed
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

/** Returns the URI of the file in the active tab. */
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
