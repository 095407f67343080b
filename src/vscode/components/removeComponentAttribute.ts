import * as vscode from "vscode";
import type { AttributeRemoval } from "../../api/api";
import type { Component } from "../../core/base/component";
import { flavorArguments, isComponentRequest, requestedComponent } from "./questions/componentRequest";
import { targetOf } from "../settings/componentSettings";
import { back } from "../ui/back";
import { pickComponent } from "./questions/pickComponent";
import { pick, type Choice } from "../ui/quickInput";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";

type Removal = Pick<AttributeRemoval, "fields" | "labels">;

/** Removes fields and labels from a component. Removing a field that the flavor requires is an error. */
export async function removeComponentAttribute(
  services: WithCore & WithMemory,
  target?: unknown,
): Promise<Component | undefined> {
  if (isComponentRequest(target)) return removeRequested(services, target as AttributeRemoval);
  const title = vscode.l10n.t("Remove Field or Label");
  const component = await pickComponent(title, target, { fits: (each) => choicesOf(each).length > 0 });
  if (!component) return undefined;
  const removal = await pick({
    title: `${title}: ${component.name}`,
    canGoBack: false,
    placeholder: vscode.l10n.t("Select the field or label to remove"),
    choices: choicesOf(component),
  });
  return removal === undefined || removal === back ? undefined : remove(services, component, removal);
}

async function removeRequested(services: WithCore & WithMemory, request: AttributeRemoval): Promise<Component> {
  const component = await requestedComponent(services, request);
  const names = await flavorArguments(services, component);
  const fields = request.fields?.map((field) =>
    Object.hasOwn(component.configuration, field) ? field : names.nameOf(field),
  );
  return remove(services, component, { fields, labels: request.labels });
}

function choicesOf({ configuration, labels = {} }: Component): Choice<Removal>[] {
  return [
    ...Object.keys(configuration).map((field) => ({
      label: field,
      iconPath: new vscode.ThemeIcon("symbol-field"),
      value: { fields: [field] },
    })),
    ...Object.entries(labels).map(([label, value]) => ({
      label,
      description: value,
      iconPath: new vscode.ThemeIcon("tag"),
      value: { labels: [label] },
    })),
  ];
}

async function remove(
  { core }: WithCore,
  component: Component,
  { fields = [], labels = [] }: Removal,
): Promise<Component> {
  return (await core.components(targetOf(component))).removeAttributes(component.type, component.name, fields, labels);
}
