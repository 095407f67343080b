import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import { componentNamed } from "../settings/componentSettings";
import { showInformationMessage } from "../ui/messages";
import type { WithDiagnostics } from "./buildDiagnostics";
import type { WithLogs } from "./buildLogs";
import { isBuildNode } from "./buildNode";
import type { WithOutput } from "./buildOutput";
import type { WithBuilds } from "./builds";
import { announce, refuseUntrusted } from "./runBuild";
import { runOperation } from "./runOperation";

/** Pushes the image of a build whose push failed, without building it again. The push is a new row of the view. */
export async function pushAgain(
  services: WithBuilds & WithCore & WithDiagnostics & WithLog & WithLogs & WithOutput,
  target?: unknown,
): Promise<BuildOutcome | undefined> {
  refuseUntrusted();
  const failed = isBuildNode(target)
    ? target.build
    : (await services.builds.load()).find(({ canPushAgain }) => canPushAgain);
  const { builtImageId: imageId, answers, imageNames } = failed ?? {};
  if (!failed?.canPushAgain || !answers || !imageNames || imageId === undefined || answers.registry === undefined)
    return void showInformationMessage(vscode.l10n.t("No build in this list has an image that was not pushed."));
  const registry = componentNamed("container_registry", answers.registry);
  const build = services.builds.start(imageNames, answers, "push");
  build.builtImageId = imageId;
  const outcome = await runOperation(services, build, async (operation) => {
    const [{ pushAgain }, core] = await Promise.all([import("../../core/jobs/pushAgain"), services.core.get()]);
    const pushed = await pushAgain({ imageNames, imageId, registry }, core, operation);
    const { imageName, repoDigest, sizeBytes, durationMs } = pushed;
    return { imageName, repoDigest, imageId, sizeBytes, durationMs };
  });
  void announce(services, build, outcome);
  return outcome;
}
