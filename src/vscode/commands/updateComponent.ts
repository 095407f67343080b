import * as vscode from "vscode";
import type { ComponentUpdate } from "../../api";
import type { Component } from "../../core/components/component";
import { activeFolder } from "../components/activeComponent";
import { isComponentRequest, requestedComponent } from "../components/componentRequest";
import { targetOf } from "../components/componentSettings";
import { askAndUpdate } from "../questions/component/updateComponent";
import { pickComponent } from "../questions/component/pickComponent";
import type { Services } from "../services";

/** Changes a component's configuration and labels. */
export async function updateComponent(services: Services, target?: unknown): Promise<Component | undefined> {
  if (isComponentRequest(target)) return update(services, target);
  const component = await pickComponent(vscode.l10n.t("Update Component"), target);
  return component && askAndUpdate(services, component);
}

async function update(services: Services, request: ComponentUpdate): Promise<Component> {
  const { parseComponentArguments } = await import("../../core/components/componentArguments");
  const { name, values } = await parseComponentArguments(request.arguments ?? [], activeFolder(request.folder) ?? "");
  const component = await requestedComponent(services, { ...request, name: name ?? request.name });
  const store = await services.core.components(targetOf(component));
  const configuration = { ...request.configuration, ...values };
  if (Object.keys(configuration).length > 0) await services.core.confirmWritten({ ...component, configuration: { ...component.configuration, ...configuration } });
  return store.update(component.type, component.name, { configuration, labels: request.labels });
}
