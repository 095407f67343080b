import * as vscode from "vscode";
import type { Component } from "../../core/components/component";
import type { Services } from "../services";
import { ComponentsTree } from "./componentsTree";
import type { ComponentState } from "./nodes";

/** The view of the registries, with where the credentials for each come from. */
export function createRegistriesView(services: Services): vscode.Disposable {
  const tree = new ComponentsTree("container_registry", services, (component) => registryState(services, component));
  return vscode.Disposable.from(tree, vscode.window.createTreeView("imageBuilders.registries", { treeDataProvider: tree }));
}

async function registryState({ core }: Services, component: Component): Promise<ComponentState> {
  const registry = await core.implementation("container_registry", component.name);
  const answer = await registry.credentials();
  const source = answer?.source ?? vscode.l10n.t("no credentials");
  return {
    summary: `${registry.config.uri} · ${source}`,
    details: [
      [vscode.l10n.t("Address"), registry.config.uri],
      [vscode.l10n.t("Credentials"), source],
    ],
  };
}
