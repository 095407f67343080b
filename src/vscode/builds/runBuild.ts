import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import type { ContainerRegistry } from "../../core/contracts/containerRegistry";
import type { BuildRequest } from "../../core/jobs/buildAndPush";
import type { Upload } from "../../core/context/review/upload";
import { ImageBuilderError } from "../../core/base/errors";
import type { Operation } from "../../core/operation/operation";
import { tagVariables } from "../../core/jobs/tagTemplate";
import { showInformationMessage } from "../ui/messages";
import type { BuildNode } from "./buildNode";
import { buildOptionsOf } from "./buildOptionsOf";
import { offerFirstLine } from "./contextsSupport";
import type { Build } from "./history/build";
import type { WithBuilds } from "./builds";
import type { WithLogs } from "./buildLogs";
import { componentNamed } from "../settings/componentSettings";
import { buildConsent } from "../consent/buildConsent";
import type { CoreAccess, WithCore } from "../access/coreAccess";
import { formatDuration } from "../../core/text/format";
import { resolveImageNames } from "./imageNames";
import type { BuildAnswers, WithMemory } from "../platform/memory";
import { runOperation } from "./runOperation";
import type { WithDiagnostics } from "./buildDiagnostics";
import type { WithOutput } from "./buildOutput";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithGuard } from "../context/guard/uploadGuard";
import type { WithLog } from "../platform/host";
import { buildSettings } from "../platform/settings";

/**
 * Runs a build, and a push if there is a registry, announces the result, and returns it.
 *
 * @param isAsked whether a person is present to answer prompts
 * @throws ImageBuilderError with the code of the failure; vscode.CancellationError
 */
export async function runBuild(
  services: WithBuilds &
    WithCore &
    WithDiagnostics &
    WithGuard &
    WithLog &
    WithLogs &
    WithMemory &
    WithOutput &
    WithTrusted,
  answers: BuildAnswers,
  isAsked: boolean,
): Promise<BuildOutcome> {
  refuseUntrusted();
  if (isAsked) await offerFirstLine(services, answers);
  const madeRegistry = await madeRegistryOf(services.core, answers);
  const variables = await tagVariables(answers.folder);
  const imageNames = resolveImageNames(answers.imageName, variables, madeRegistry?.config);
  const build = services.builds.start(imageNames, answers);
  services.diagnostics.clear(answers.dockerfile);
  await services.memory.keepLast(answers);
  const outcome = await runOperation(services, build, async (operation) => {
    const [{ buildAndPush }, core] = await Promise.all([import("../../core/jobs/buildAndPush"), services.core.get()]);
    const upload = uploadCheck(services, build, isAsked, operation);
    const request = { ...(await requestOf(imageNames, answers)), madeRegistry };
    const consent = buildConsent(services.trusted.asking, { answers, builder: request.builder });
    const { imageName, repoDigest, imageId, sizeBytes, durationMs } = await buildAndPush(request, core, {
      ...operation,
      confirmUpload: upload.confirm,
      consent,
    });
    return { imageName, repoDigest, imageId, sizeBytes, durationMs, ...upload.warnings() };
  });
  void announce(services, build, outcome);
  return outcome;
}

/**
 * Creates the check that runs before files are sent, and collects its warnings. If the person refuses the upload, the
 * build is canceled.
 */
export function uploadCheck(services: WithGuard, build: Build, isAsked: boolean, operation: Operation) {
  /** Warnings by the name of the build context. Each context is checked separately, and its latest result counts. */
  const warnings = new Map<string, readonly string[]>();
  return {
    confirm: async (upload: Upload): Promise<void> => {
      const { name = "", context } = upload;
      const folder = name === "" ? build.answers.folder : (context.root ?? "");
      const found = await services.guard.check(upload, { folder, imageName: build.imageName, isAsked }, operation);
      if (found) warnings.set(name, found);
      else build.cancel();
      operation.signal.throwIfAborted();
    },
    warnings: (): Pick<BuildOutcome, "warnings"> => {
      const all = [...warnings.values()].flat();
      return all.length > 0 ? { warnings: all } : {};
    },
  };
}

/**
 * Throws `workspaceUntrusted` in an untrusted workspace: a build runs commands from the workspace, as root in the
 * daemon.
 */
export function refuseUntrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new ImageBuilderError(
    "workspaceUntrusted",
    vscode.l10n.t(
      "Building runs commands from a Dockerfile or image spec, so it requires a trusted workspace. Trust it first.",
    ),
  );
}

/**
 * Instantiates the registry once per build: its address is part of the image names, and the push uses it. Undefined
 * without a registry.
 */
async function madeRegistryOf(core: CoreAccess, { registry }: BuildAnswers): Promise<ContainerRegistry | undefined> {
  return registry === undefined ? undefined : core.implementation("container_registry", registry);
}

async function requestOf([imageName = "", ...tags]: readonly string[], answers: BuildAnswers): Promise<BuildRequest> {
  const { folder, builder, registry } = answers;
  return {
    root: folder,
    imageName,
    builder: componentNamed("image_builder", builder),
    registry: registry === undefined ? undefined : componentNamed("container_registry", registry),
    options: await buildOptionsOf(answers, tags),
    alwaysInclude: buildSettings(folder).alwaysInclude,
  };
}

/**
 * Announces the result of a build, unless its terminal shows it.
 *
 * @param buildAnyway builds an image that was not built because it already exists
 */
export async function announce(
  services: WithLogs & WithOutput,
  build: Build,
  { imageName, repoDigest, durationMs, exists }: BuildOutcome,
  buildAnyway?: () => Promise<unknown>,
): Promise<void> {
  if (services.output.isTerminal) return;
  const took = formatDuration(durationMs);
  const showLog = vscode.l10n.t("Show Log");
  const { output } = build.answers.options;
  if (output) {
    if (
      (await showInformationMessage(vscode.l10n.t("Exported to {0} in {1}.", output.dest, took), showLog)) === showLog
    )
      await services.logs.show(build);
    return;
  }
  const copy = repoDigest === undefined ? vscode.l10n.t("Copy Image Name") : vscode.l10n.t("Copy Digest Reference");
  const digest = repoDigest?.split("@")[1] ?? "";
  const made =
    repoDigest === undefined
      ? vscode.l10n.t("Built {0} in {1}.", imageName, took)
      : vscode.l10n.t("Pushed {0} in {1}: {2}", imageName, took, digest);
  const message = exists ? vscode.l10n.t("{0} already exists, so it was not built. {1}", imageName, digest) : made;
  const anyway = vscode.l10n.t("Build Anyway");
  const chosen = await showInformationMessage(message, copy, ...(exists && buildAnyway ? [anyway] : [showLog]));
  if (chosen === anyway) await buildAnyway?.();
  if (chosen === showLog) await services.logs.show(build);
  if (chosen !== copy) return;
  if (build.repoDigest === undefined) await vscode.env.clipboard.writeText(imageName);
  else await vscode.commands.executeCommand("imageBuilders.copyDigest", { kind: "build", build } satisfies BuildNode);
}
