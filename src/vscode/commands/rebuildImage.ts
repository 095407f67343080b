import * as vscode from "vscode";
import type { BuildOutcome } from "../../api";
import { startSpecBuild } from "../images/startSpecBuild";
import { refuseUntrusted, runBuild } from "../builds/runBuild";
import type { Services } from "../services";
import { showInformationMessage } from "../ui/messages";
import { isNode } from "../views/nodes";

/** Builds once more with the same answers: those of a build in the tree, else the last ones, even of a window before. */
export async function rebuildImage(services: Services, target?: unknown): Promise<BuildOutcome | undefined> {
  refuseUntrusted();
  const answers = isNode(target) && target.kind === "build" ? target.build.answers : services.memory.last();
  if (answers?.spec !== undefined) return startSpecBuild(services, answers.registry !== undefined, vscode.Uri.file(answers.spec), answers);
  if (answers) return runBuild(services, answers, true);
  void showInformationMessage(vscode.l10n.t("Nothing has been built in this workspace yet."));
  return undefined;
}
