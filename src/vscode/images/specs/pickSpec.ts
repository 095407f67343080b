import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { back } from "../../ui/back";
import { pick } from "../../ui/quickInput";
import type { WithImages } from "./imageSpecs";
import { showInformationMessage } from "../../ui/messages";
import { specLabel } from "./specFiles";

/**
 * Lets the person pick a spec of the workspace; a single one is returned without a prompt. Returns undefined if the
 * prompt was dismissed, or there is no spec, which a message reports.
 */
export async function pickSpec({ images }: WithImages): Promise<vscode.Uri | undefined> {
  const specs = await images.list();
  if (specs.length === 0) {
    const create = vscode.l10n.t("New Image Spec");
    const message = vscode.l10n.t("There is no image spec in the workspace. Create a file such as app.image.yaml.");
    if ((await showInformationMessage(message, create)) === create)
      await vscode.commands.executeCommand("imageBuilders.newImageSpec");
    return undefined;
  }
  if (specs.length === 1) return specs[0];
  const choices = specs.map((value) => {
    const path = specLabel(value);
    return {
      label: basename(path),
      description: dirname(path).replace(/^\.$/, ""),
      iconPath: new vscode.ThemeIcon("package"),
      value,
    };
  });
  const chosen = await pick({
    title: vscode.l10n.t("Image Specs"),
    canGoBack: false,
    placeholder: vscode.l10n.t("Select an image spec"),
    choices,
  });
  return chosen === back ? undefined : chosen;
}
