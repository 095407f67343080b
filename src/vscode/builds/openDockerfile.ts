import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { openLocation } from "./buildDiagnostics";
import type { WithBuilds } from "./builds";
import { showInformationMessage } from "../ui/messages";
import { isBuildNode } from "./buildNode";

/**
 * Opens the place where a build failed, otherwise the first line of its Dockerfile. The default is the newest build.
 */
export async function openDockerfile({ builds }: WithBuilds, target?: unknown): Promise<void> {
  const build = isBuildNode(target) ? target.build : (await builds.load())[0];
  if (!build) return void showInformationMessage(vscode.l10n.t("No builds in this workspace yet."));
  const location =
    build.state.kind === "failed" && ImageBuilderError.is(build.state.error) ? build.state.error.location : undefined;
  await openLocation(location ?? { file: build.answers.dockerfile, line: 1 });
}
