import * as vscode from "vscode";
import type { Flavor } from "../../core/contracts/flavor";
import type { FlavorRegistry } from "../../core/flavors/flavorRegistry";
import { showFlavor } from "../components/descriptions";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";
import type { WithCore } from "../access/coreAccess";
import { isNode } from "../components/tree/nodes";

/**
 * Shows the configuration fields of a flavor and the connectors that it supports. Without a row, lets the person pick a
 * flavor.
 */
export async function describeFlavor({ core }: WithCore, target?: unknown): Promise<string | undefined> {
  const flavor =
    isNode(target) && target.kind === "flavor" ? target.flavor : await pickFlavor(await core.flavors("all"));
  return flavor && showFlavor(flavor.type, flavor.name);
}

async function pickFlavor(flavors: FlavorRegistry): Promise<Flavor | undefined> {
  const all: readonly Flavor[] = [...flavors.list("image_builder"), ...flavors.list("container_registry")];
  const choices = all.map((flavor) => ({
    label: flavor.displayName,
    description: flavor.name,
    detail: flavor.description,
    iconPath: new vscode.ThemeIcon(flavor.type === "image_builder" ? "tools" : "cloud"),
    value: flavor,
  }));
  const flavor = await pick({
    title: vscode.l10n.t("Describe Flavor"),
    canGoBack: false,
    placeholder: vscode.l10n.t("Select a flavor"),
    choices,
  });
  return flavor === back ? undefined : flavor;
}
