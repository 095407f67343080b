import * as vscode from "vscode";
import type { ComponentNaming } from "../../api/api";
import type { Component } from "../../core/base/component";
import { isComponentRequest, needed, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { back } from "../ui/back";
import { askComponentName } from "./questions/askComponentName";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";

/** Creates a component with the flavor, configuration, and labels of another one, but without its connector. */
export async function copyComponent(services: WithCore & WithMemory, target?: unknown): Promise<Component | undefined> {
  if (isComponentRequest(target))
    return copy(
      services,
      await requestedComponent(services, target),
      needed((target as Partial<ComponentNaming>).newName, "newName"),
    );
  const title = vscode.l10n.t("Duplicate");
  const component = await pickComponent(title, target);
  if (!component) return undefined;
  const { type, name } = component;
  const newName = await askComponentName({
    title: `${title}: ${name}`,
    canGoBack: false,
    type,
    proposal: vscode.l10n.t("{0}-copy", name),
  });
  return newName === undefined || newName === back ? undefined : copy(services, component, newName);
}

async function copy({ core }: WithCore, component: Component, newName: string): Promise<Component> {
  return (await core.components(targetOf(component))).copy(component.type, component.name, newName);
}
