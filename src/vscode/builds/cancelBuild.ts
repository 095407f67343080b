import * as vscode from "vscode";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";
import type { WithBuilds } from "./builds";
import { showInformationMessage } from "../ui/messages";
import { isBuildNode } from "./buildNode";

/** Cancels the selected build, otherwise the running one. If several are running, the person selects one. */
export async function cancelBuild({ builds }: WithBuilds, target?: unknown): Promise<void> {
  if (isBuildNode(target) && target.build.isOwn) return target.build.cancel();
  const { running } = builds;
  if (running.length === 0) return void showInformationMessage(vscode.l10n.t("No build is running."));
  if (running.length === 1) return running[0]?.cancel();
  const choices = running.map((build) => ({ label: build.imageName, description: build.answers.folder, value: build }));
  const chosen = await pick({
    title: vscode.l10n.t("Cancel Build"),
    canGoBack: false,
    placeholder: vscode.l10n.t("Select a build to cancel"),
    choices,
  });
  if (chosen !== back) chosen?.cancel();
}
