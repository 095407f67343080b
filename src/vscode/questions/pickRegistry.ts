import * as vscode from "vscode";
import type { Component } from "../../core/components/component";
import { componentSettings } from "../components/componentSettings";
import { browserOf, isBrowseNode } from "../registries/browseNodes";
import { isNode } from "../views/nodes";
import { back } from "./back";
import { pick } from "./quickInput";

/** The registry of a tree's row, else one that is picked; nothing when the question was dismissed. */
export async function pickRegistry(title: string, target: unknown): Promise<Component | undefined> {
  if (isNode(target) && target.kind === "component") return target.component;
  if (isBrowseNode(target)) return browserOf(target).component;
  const { components } = componentSettings("container_registry");
  if (components.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t("No registry is set up yet."));
  const choices = components.map((component) => ({ label: component.name, description: String(component.configuration["uri"] ?? ""), value: component }));
  const chosen = await pick({ title, canGoBack: false, placeholder: vscode.l10n.t("The registry"), choices });
  return chosen === back ? undefined : chosen;
}

/** The name of the secret that a registry's settings point at. */
export function secretNameOf({ configuration }: Component): string | undefined {
  const name = configuration["authenticationSecret"];
  return typeof name === "string" ? name : undefined;
}
