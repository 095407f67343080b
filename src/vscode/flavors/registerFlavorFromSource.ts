import * as vscode from "vscode";
import type { FlavorSourceArguments } from "../../api/api";
import type { Flavor } from "../../core/contracts/flavor";
import { ImageBuilderError } from "../../core/base/errors";
import { askFlavorSource } from "./askFlavorSource";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import { showInformationMessage } from "../ui/messages";
import type { Node } from "../components/tree/nodes";

/** Registers a flavor from a module for this workspace. It replaces the previous flavor of the same module. */
export async function registerFlavorFromSource(
  { core, refresh }: WithCore & WithRefresh,
  target?: unknown,
): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) {
    throw new ImageBuilderError(
      "workspaceUntrusted",
      vscode.l10n.t(
        "A flavor's module has VS Code's permissions, so it requires a trusted workspace. Trust the workspace first.",
      ),
    );
  }
  const place = isFlavorSource(target)
    ? { ...target, root: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath }
    : await askFlavorSource();
  if (!place) return undefined;
  const flavor = await core.customFlavors.sources.register(place, await core.flavors());
  refresh.fire();
  if (!isFlavorSource(target)) void offerUse(flavor);
  return flavor.name;
}

async function offerUse(flavor: Flavor): Promise<void> {
  const { name, type, displayName } = flavor;
  const use = type === "image_builder" ? vscode.l10n.t("Set Up Builder...") : vscode.l10n.t("Add Registry...");
  const message = vscode.l10n.t('The flavor "{0}" ({1}) has been added to this workspace.', name, displayName);
  if ((await showInformationMessage(message, use)) !== use) return;
  const row: Node = { kind: "flavor", name, flavor, isUsed: false };
  await vscode.commands.executeCommand(
    type === "image_builder" ? "imageBuilders.registerImageBuilder" : "imageBuilders.addRegistry",
    row,
  );
}

/** Whether a program called a command for a specific module. It is then never prompted, and receives errors itself. */
export function isFlavorSource(target: unknown): target is FlavorSourceArguments {
  return typeof target === "object" && target !== null && "source" in target && "type" in target;
}
