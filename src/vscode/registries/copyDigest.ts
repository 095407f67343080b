import * as vscode from "vscode";
import { isBrowseNode, repoDigestOf } from "./browse/browseNodes";
import type { WithBuilds } from "../builds/builds";
import { setContext } from "../platform/contextKeys";
import { showInformationMessage, showWarningMessage } from "../ui/messages";
import { isBuildNode } from "../builds/buildNode";
import { withSignal } from "../ui/withSignal";

/** Copies `name@sha256:…` of the selected build or registry row, otherwise of the last build with a push. */
export async function copyDigest({ builds }: WithBuilds, target?: unknown): Promise<void> {
  if (isBrowseNode(target) && (target.kind === "tag" || target.kind === "image")) {
    const repoDigest = await withSignal(vscode.l10n.t("Getting the digest of {0}", target.imageName), (signal) =>
      repoDigestOf(target, signal),
    );
    if (repoDigest !== undefined) return copy(repoDigest);
    return void showWarningMessage(
      vscode.l10n.t("{0} is no longer in the registry. Refresh the view.", target.imageName),
    );
  }
  const build = isBuildNode(target)
    ? target.build
    : (await builds.load()).find((each) => each.repoDigest !== undefined);
  if (build?.repoDigest) return copy(build.repoDigest);
  void offerToPush();
}

async function copy(repoDigest: string): Promise<void> {
  await vscode.env.clipboard.writeText(repoDigest);
  await setContext("digestCopied", true);
}

async function offerToPush(): Promise<void> {
  const push = vscode.l10n.t("Build and Push Image...");
  const message = vscode.l10n.t("No images have been pushed in this workspace yet.");
  if ((await showInformationMessage(message, push)) === push)
    await vscode.commands.executeCommand("imageBuilders.buildAndPushImage");
}
