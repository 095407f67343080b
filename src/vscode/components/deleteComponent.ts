import { basename } from "node:path";
import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { ownSecrets } from "./questions/ownSecrets";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { showWarningMessage } from "../ui/messages";

/**
 * Deletes a component from the settings, with the secrets that only it uses. A person is asked to confirm; for a
 * program, an active component is an error.
 */
export async function deleteComponent(
  services: WithCore & WithMemory & WithRefresh & WithSecrets,
  target?: unknown,
): Promise<Component | undefined> {
  if (isComponentRequest(target)) return remove(services, await requestedComponent(services, target));
  const component = await pickComponent(vscode.l10n.t("Delete"), target);
  if (!component) return undefined;
  const folders = foldersOf(services, component);
  const doIt = folders.length > 0 ? vscode.l10n.t("Delete Anyway") : vscode.l10n.t("Delete");
  const question =
    component.type === "image_builder"
      ? vscode.l10n.t('Delete the builder "{0}"?', component.name)
      : vscode.l10n.t('Delete the registry "{0}"?', component.name);
  if ((await showWarningMessage(question, { modal: true, detail: detailOf(component, folders) }, doIt)) !== doIt)
    return undefined;
  for (const folder of folders) await services.memory.keepActiveName(component.type, folder, undefined);
  return remove(services, component);
}

function detailOf(component: Component, folders: readonly string[]): string[] {
  const secrets = ownSecrets(component);
  return [
    folders.length > 0 &&
      vscode.l10n.t(
        "It is the default in {0}. No other one becomes the default there.",
        folders.map((folder) => basename(folder)).join(", "),
      ),
    targetOf(component) === vscode.ConfigurationTarget.Global
      ? vscode.l10n.t("It is removed from your user settings.")
      : vscode.l10n.t("It is removed from the workspace settings."),
    secrets.length > 0 &&
      vscode.l10n.t(
        "The stored secrets {0} aren't used elsewhere and are deleted too.",
        secrets.map((name) => `"${name}"`).join(", "),
      ),
    component.type === "container_registry" && vscode.l10n.t("Images in the registry are kept."),
  ].filter((line) => line !== false);
}

function foldersOf({ memory }: WithMemory, { type, name }: Component): string[] {
  return Object.entries(memory.activeNames(type)).flatMap(([folder, active]) => (active === name ? [folder] : []));
}

async function remove(
  { core, secrets, refresh }: WithCore & WithRefresh & WithSecrets,
  component: Component,
): Promise<Component> {
  const names = ownSecrets(component);
  const removed = await (await core.components(targetOf(component))).delete(component.type, component.name);
  for (const name of names) await secrets.delete(name);
  refresh.fire();
  return removed;
}
