import * as vscode from "vscode";
import type { ComponentUpdate } from "../../api/api";
import type { Component } from "../../core/base/component";
import { activeFolder } from "../settings/activeComponent";
import { flavorArguments, isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { askAndUpdate } from "./questions/updateComponent";
import { pickComponent } from "./questions/pickComponent";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";

/** Changes a component's configuration and labels. */
export async function updateComponent(
  services: WithCore & WithLog & WithMemory & WithSecrets,
  target?: unknown,
): Promise<Component | undefined> {
  if (isComponentRequest(target)) return update(services, target);
  const component = await pickComponent(vscode.l10n.t("Edit"), target);
  return component && askAndUpdate(services, component);
}

async function update(services: WithCore & WithMemory, request: ComponentUpdate): Promise<Component> {
  const { parseComponentArguments } = await import("../../core/components/componentArguments");
  const { name, values: texts } = await parseComponentArguments(
    request.arguments ?? [],
    activeFolder(request.folder) ?? "",
  );
  const component = await requestedComponent(services, { ...request, name: name ?? request.name });
  const values = (await flavorArguments(services, component)).valuesOf(texts);
  const store = await services.core.components(targetOf(component));
  const configuration = { ...request.configuration, ...values };
  if (Object.keys(configuration).length > 0)
    await services.core.confirmWritten({
      ...component,
      configuration: { ...component.configuration, ...configuration },
    });
  return store.update(component.type, component.name, { configuration, labels: request.labels });
}
