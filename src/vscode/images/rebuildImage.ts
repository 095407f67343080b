import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import { startSpecBuild } from "./startSpecBuild";
import { refuseUntrusted, runBuild } from "../builds/runBuild";
import type { WithCore } from "../access/coreAccess";
import type { WithDiagnostics } from "../builds/buildDiagnostics";
import type { WithOutput } from "../builds/buildOutput";
import type { WithLogs } from "../builds/buildLogs";
import type { WithBuilds } from "../builds/builds";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithGuard } from "../context/guard/uploadGuard";
import type { WithImages } from "./specs/imageSpecs";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { showInformationMessage } from "../ui/messages";
import { isBuildNode } from "../builds/buildNode";
import { wholeAnswers } from "../builds/wholeAnswers";

/**
 * Repeats a build with the same answers: the selected build, otherwise the last one, which may be from an earlier
 * window.
 */
export async function rebuildImage(
  services: WithBuilds &
    WithCore &
    WithDiagnostics &
    WithGuard &
    WithImages &
    WithLog &
    WithLogs &
    WithMemory &
    WithOutput &
    WithSecrets &
    WithTrusted,
  target?: unknown,
): Promise<BuildOutcome | undefined> {
  refuseUntrusted();
  const answers = isBuildNode(target) ? await wholeAnswers(target.build) : services.memory.last();
  if (isBuildNode(target) && !answers) return undefined;
  if (answers?.spec !== undefined)
    return startSpecBuild(services, answers.registry !== undefined, vscode.Uri.file(answers.spec), answers);
  if (answers) return runBuild(services, answers, true);
  void showInformationMessage(vscode.l10n.t("No builds in this workspace yet."));
  return undefined;
}
