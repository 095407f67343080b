import * as vscode from "vscode";
import type { Component } from "../../core/components/component";
import type { Services } from "../services";
import { createTreeView } from "../ui/treeView";
import { connectorState, entryDetails } from "./componentDetails";
import { ComponentsTree } from "./componentsTree";
import type { ComponentState } from "./nodes";
import { showProblems } from "./showProblems";

/** The view of the builders, with the daemon that each builds with. */
export function createBuildersView(services: Services): vscode.Disposable {
  const tree = new ComponentsTree("image_builder", services, (component) => builderState(services, component));
  const view = createTreeView("imageBuilders.builders", { treeDataProvider: tree, showCollapseAll: true });
  return vscode.Disposable.from(tree, view, showProblems(view, tree));
}

async function builderState({ core }: Services, component: Component): Promise<ComponentState> {
  const { details: connector, problem } = await connectorState(core, component);
  const builder = await core.implementation("image_builder", component.name, "quiet");
  const rest = [...connector, ...entryDetails(component)];
  if (!builder.isBuildingLocally) return { summary: vscode.l10n.t("builds elsewhere"), details: rest, problem };
  const { engine } = (await core.get("quiet")).services;
  const [{ address, source }, info] = await Promise.all([engine.endpoint(), engine.probe()]);
  return {
    summary: `${info.product} ${info.version} · ${address}`,
    details: [
      [vscode.l10n.t("Daemon"), `${info.product} ${info.version}, API ${info.apiVersion}`],
      [vscode.l10n.t("Address"), `${address} (${source})`],
      [vscode.l10n.t("Platform"), `${info.os}/${info.arch}`],
      [vscode.l10n.t("Builds with"), info.buildkit ? "BuildKit" : vscode.l10n.t("the classic builder")],
      ...rest,
    ],
    problem,
    isWell: true,
  };
}
