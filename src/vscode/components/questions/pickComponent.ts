import * as vscode from "vscode";
import type { Component, ComponentType } from "../../../core/base/component";
import { componentNamed, componentSettings } from "../../settings/componentSettings";
import { showInformationMessage } from "../../ui/messages";
import { isNode } from "../tree/nodes";
import { back } from "../../ui/back";
import { pick, type Choice } from "../../ui/quickInput";

/** Filter for the components that can be selected. */
export interface Wanted {
  readonly type?: ComponentType;
  readonly fits?: (component: Component) => boolean;
}

/**
 * Returns the component of the selected row, otherwise lets the person pick one; undefined if the prompt was dismissed
 * or no component matches.
 */
export async function pickComponent(
  title: string,
  target: unknown,
  { type, fits = () => true }: Wanted = {},
): Promise<Component | undefined> {
  // Reads the component again, because the row may be older than the settings.
  if (isNode(target) && target.kind === "component")
    return componentNamed(target.component.type, target.component.name);
  const types: readonly ComponentType[] = type ? [type] : ["image_builder", "container_registry"];
  const components = types.flatMap((each) => componentSettings(each).components).filter(fits);
  if (components.length === 0)
    return void showInformationMessage(vscode.l10n.t("No builder or registry supports this action."));
  const chosen = await pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t("Select a builder or registry"),
    choices: components.map(choiceOf),
  });
  return chosen === back ? undefined : chosen;
}

/** Creates the list item of a component. Registries are described by their address. */
export function choiceOf(component: Component): Choice<Component> {
  const { name, type, flavor, configuration } = component;
  const { uri } = configuration;
  return {
    label: name,
    description: typeof uri === "string" ? uri : flavor,
    iconPath: new vscode.ThemeIcon(type === "image_builder" ? "tools" : "cloud"),
    value: component,
  };
}
