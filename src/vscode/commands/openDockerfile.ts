import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/errors";
import { openLocation } from "../builds/buildDiagnostics";
import type { Services } from "../services";
import { showInformationMessage } from "../ui/messages";
import { isNode } from "../views/nodes";

/** Opens the Dockerfile of a build, of the last one by default, at the line where it failed. */
export async function openDockerfile({ builds }: Services, target?: unknown): Promise<void> {
  const build = isNode(target) && target.kind === "build" ? target.build : builds.list[0];
  if (!build) return void showInformationMessage(vscode.l10n.t("Nothing has been built in this window yet."));
  const location = build.state.kind === "failed" && ImageBuilderError.is(build.state.error) ? build.state.error.location : undefined;
  await openLocation(location ?? { file: build.answers.dockerfile, line: 1 });
}
