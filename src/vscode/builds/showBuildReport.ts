import * as vscode from "vscode";
import { showInformationMessage } from "../ui/messages";
import { isBuildNode } from "./buildNode";
import type { WithBuilds } from "./builds";
import type { WithReports } from "./report/buildReports";

/** Shows the report of the selected build; the default is the newest one. */
export async function showBuildReport({ builds, reports }: WithBuilds & WithReports, target?: unknown): Promise<void> {
  const build = isBuildNode(target) ? target.build : (await builds.load())[0];
  if (build) reports.show(build);
  else void showInformationMessage(vscode.l10n.t("No builds in this workspace yet."));
}
