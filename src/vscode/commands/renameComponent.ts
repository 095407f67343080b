import * as vscode from "vscode";
import type { ComponentNaming } from "../../api";
import type { Component } from "../../core/components/component";
import { isComponentRequest, needed, requestedComponent } from "../components/componentRequest";
import { targetOf } from "../components/componentSettings";
import { back } from "../questions/back";
import { askComponentName } from "../questions/component/askComponentName";
import { pickComponent } from "../questions/component/pickComponent";
import type { Services } from "../services";

/** Gives a component another name; where it is active it stays so. */
export async function renameComponent(services: Services, target?: unknown): Promise<Component | undefined> {
  if (isComponentRequest(target)) return rename(services, await requestedComponent(services, target), needed((target as Partial<ComponentNaming>).newName, "newName"));
  const title = vscode.l10n.t("Rename Component");
  const component = await pickComponent(title, target);
  if (!component) return undefined;
  const { type, name } = component;
  const newName = await askComponentName({ title: `${title}: ${name}`, canGoBack: false, type, proposal: name, own: name });
  return newName === undefined || newName === back ? undefined : rename(services, component, newName);
}

async function rename({ core, refresh }: Services, component: Component, newName: string): Promise<Component> {
  const renamed = await (await core.components(targetOf(component))).rename(component.type, component.name, newName);
  refresh.fire();
  return renamed;
}
