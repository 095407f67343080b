import * as vscode from "vscode";
import type { ComponentNaming } from "../../api/api";
import type { Component } from "../../core/base/component";
import { isComponentRequest, needed, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { back } from "../ui/back";
import { askComponentName } from "./questions/askComponentName";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";

/** Renames a component. It remains active in its folders. */
export async function renameComponent(
  services: WithCore & WithMemory & WithRefresh,
  target?: unknown,
): Promise<Component | undefined> {
  if (isComponentRequest(target))
    return rename(
      services,
      await requestedComponent(services, target),
      needed((target as Partial<ComponentNaming>).newName, "newName"),
    );
  const title = vscode.l10n.t("Rename");
  const component = await pickComponent(title, target);
  if (!component) return undefined;
  const { type, name } = component;
  const newName = await askComponentName({
    title: `${title}: ${name}`,
    canGoBack: false,
    type,
    proposal: name,
    own: name,
  });
  return newName === undefined || newName === back ? undefined : rename(services, component, newName);
}

async function rename(
  { core, refresh }: WithCore & WithRefresh,
  component: Component,
  newName: string,
): Promise<Component> {
  const renamed = await (await core.components(targetOf(component))).rename(component.type, component.name, newName);
  refresh.fire();
  return renamed;
}
