import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import type { BuilderDaemon } from "../../core/contracts/imageBuilder";
import type { WithCore } from "../access/coreAccess";
import { createTreeView } from "../ui/treeView";
import { connectorState, entryDetails } from "./tree/componentDetails";
import { BuildersTree } from "./buildersTree";
import type { WithLocalImages } from "./localImages/localImages";
import type { ComponentsTreeServices } from "./tree/componentsTree";
import type { ComponentState } from "./tree/nodes";
import { showProblems } from "./tree/showProblems";

/** Creates the view of the builders with the daemon of each one, and the images of the local one. */
export function createBuildersView(services: ComponentsTreeServices & WithLocalImages): vscode.Disposable {
  const { localImages } = services;
  const tree = new BuildersTree(services, localImages, (component) => builderState(services, component));
  const view = createTreeView("imageBuilders.builders", { treeDataProvider: tree, showCollapseAll: true });
  return vscode.Disposable.from(
    tree,
    view,
    showProblems(view, tree.components),
    // Another program may change the images meanwhile, so they are requested again with the next expansion.
    view.onDidCollapseElement(({ element }) => element.kind === "localImages" && localImages.forget()),
  );
}

/** Time to wait for the daemons of a builder, in milliseconds; each has its own, shorter limits. */
const patienceMs = 60_000;

/** Describes a builder by the daemons that it reports; some report none. */
function remoteState(
  daemons: readonly BuilderDaemon[],
  { details, problem }: Pick<ComponentState, "details" | "problem">,
): ComponentState {
  const [first] = daemons;
  if (!first) return { summary: vscode.l10n.t("builds remotely"), details, problem };
  const failed = daemons.filter((each) => each.problem !== undefined);
  const working = daemons.find((each) => each.version !== undefined);
  const more =
    daemons.length > 1
      ? ` · ${vscode.l10n.t("{0} of {1} daemons", daemons.length - failed.length, daemons.length)}`
      : "";
  const rows = daemons.map(({ address, version, platforms }): readonly [string, string] => [
    address,
    [version ?? vscode.l10n.t("unavailable"), platforms.join(", ")].filter((part) => part !== "").join(" · "),
  ]);
  return {
    summary: `${working?.version ?? vscode.l10n.t("unavailable")} · ${(working ?? first).address}${more}`,
    details: [...rows, ...details],
    problem: failed[0]?.problem ?? problem,
    isWell: failed.length === 0,
  };
}

async function builderState({ core }: WithCore, component: Component): Promise<ComponentState> {
  const { details: connector, problem } = await connectorState(core, component);
  const builder = await core.implementation("image_builder", component.name, "quiet");
  const rest = [...connector, ...entryDetails(component)];
  if (!builder.isBuildingLocally) {
    const daemons = await builder.daemons?.(AbortSignal.timeout(patienceMs));
    return remoteState(daemons ?? [], { details: rest, problem });
  }
  const { engine } = (await core.get("quiet")).services;
  const [{ address, source }, info] = await Promise.all([engine.endpoint(), engine.probe()]);
  return {
    summary: `${info.product} ${info.version} · ${address}`,
    details: [
      [vscode.l10n.t("Daemon"), `${info.product} ${info.version}, API ${info.apiVersion}`],
      [vscode.l10n.t("Address"), `${address} (${source})`],
      [vscode.l10n.t("Platform"), `${info.os}/${info.arch}`],
      [vscode.l10n.t("Builds with"), info.buildkit ? "BuildKit" : vscode.l10n.t("classic builder")],
      ...rest,
    ],
    problem,
    isWell: true,
    hasImages: true,
  };
}
