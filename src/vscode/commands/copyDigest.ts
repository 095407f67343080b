import * as vscode from "vscode";
import type { Services } from "../services";
import { isNode } from "../views/nodes";

/** Copies `name@sha256:…` of a pushed image: that of a build in the tree, else the last. */
export async function copyDigest({ builds }: Services, target?: unknown): Promise<void> {
  const build = isNode(target) && target.kind === "build" ? target.build : builds.list.find((each) => each.repoDigest !== undefined);
  if (build?.repoDigest) return vscode.env.clipboard.writeText(build.repoDigest);
  void vscode.window.showInformationMessage(vscode.l10n.t("Nothing has been pushed in this window yet."));
}
