import * as vscode from "vscode";
import type { ComponentNaming } from "../../api";
import type { Component } from "../../core/components/component";
import { isComponentRequest, needed, requestedComponent } from "../components/componentRequest";
import { targetOf } from "../components/componentSettings";
import { back } from "../questions/back";
import { askComponentName } from "../questions/component/askComponentName";
import { pickComponent } from "../questions/component/pickComponent";
import type { Services } from "../services";

/** Makes another component of the same flavor, configuration and labels; the connector is not the copy's. */
export async function copyComponent(services: Services, target?: unknown): Promise<Component | undefined> {
  if (isComponentRequest(target)) return copy(services, await requestedComponent(services, target), needed((target as Partial<ComponentNaming>).newName, "newName"));
  const title = vscode.l10n.t("Copy Component");
  const component = await pickComponent(title, target);
  if (!component) return undefined;
  const { type, name } = component;
  const newName = await askComponentName({ title: `${title}: ${name}`, canGoBack: false, type, proposal: vscode.l10n.t("{0}-copy", name) });
  return newName === undefined || newName === back ? undefined : copy(services, component, newName);
}

async function copy({ core }: Services, component: Component, newName: string): Promise<Component> {
  return (await core.components(targetOf(component))).copy(component.type, component.name, newName);
}
