import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import type { Component } from "../../core/base/component";
import { activeFolder } from "../settings/activeComponent";
import { isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { pickComponent } from "./questions/pickComponent";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";
import type { WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";

/**
 * Makes a component the active one of a folder, which its builds use. If a program specifies no name, the folder has no
 * active component afterwards.
 */
export async function setActiveComponent(services: WithMemory & WithRefresh, target?: unknown): Promise<void> {
  if (isComponentRequest(target))
    return mark(
      services,
      target.type,
      placeOf(target.folder),
      target.name === undefined ? undefined : await requestedComponent(services, target),
    );
  const title = vscode.l10n.t("Use by Default");
  const component = await pickComponent(title, target);
  if (!component) return;
  const folder = await askFolder(`${title}: ${component.name}`);
  if (folder !== undefined) await mark(services, component.type, folder, component);
}

async function mark(
  { memory, refresh }: WithMemory & WithRefresh,
  type: Component["type"],
  folder: string,
  component: Component | undefined,
): Promise<void> {
  await memory.keepActiveName(type, folder, component?.name);
  refresh.fire();
}

async function askFolder(title: string): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return placeOf(undefined);
  const choices = folders.map(({ name, uri }) => ({
    label: name,
    description: uri.fsPath,
    iconPath: new vscode.ThemeIcon("root-folder"),
    value: uri.fsPath,
  }));
  const folder = await pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t("Select the folder whose builds use it"),
    choices,
  });
  return folder === back ? undefined : folder;
}

function placeOf(folder: string | undefined): string {
  const place = activeFolder(folder);
  if (place !== undefined) return place;
  throw new ImageBuilderError(
    "optionInvalid",
    vscode.l10n.t("A builder or registry can only be the default of a workspace folder. Open a folder first."),
  );
}
