import * as vscode from "vscode";
import type { Services } from "../services";
import { isNode } from "../views/nodes";

/** Copies the full name of an image: that of a build in the tree, else the last. */
export async function copyImageName({ builds }: Services, target?: unknown): Promise<void> {
  const build = isNode(target) && target.kind === "build" ? target.build : builds.list[0];
  if (build) return vscode.env.clipboard.writeText(build.imageName);
  void vscode.window.showInformationMessage(vscode.l10n.t("Nothing has been built in this window yet."));
}
