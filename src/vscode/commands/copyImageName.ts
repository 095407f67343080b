import * as vscode from "vscode";
import { isBrowseNode } from "../registries/browseNodes";
import type { Services } from "../services";
import { showInformationMessage } from "../ui/messages";
import { isNode } from "../views/nodes";

/** Copies the full name of an image: that of a build or of a registry's row in the tree, else of the last build. */
export async function copyImageName({ builds }: Services, target?: unknown): Promise<void> {
  const name = nameOf(target) ?? builds.list[0]?.imageName;
  if (name !== undefined) return vscode.env.clipboard.writeText(name);
  void showInformationMessage(vscode.l10n.t("Nothing has been built in this window yet."));
}

function nameOf(target: unknown): string | undefined {
  if (isNode(target) && target.kind === "build") return target.build.imageName;
  if (!isBrowseNode(target) || target.kind === "repositories") return undefined;
  return target.kind === "repository" ? `${target.browser.host}/${target.path}` : target.imageName;
}
