import { resolve } from "node:path";
import * as vscode from "vscode";
import type { BuildOutcome, SpecArguments } from "../../api/api";
import { ImageBuilderError } from "../../core/base/errors";
import { componentSettings } from "../settings/componentSettings";
import { isOnFileSystem, isSpecFile } from "../platform/fileKinds";
import type { BuildAnswers, WithMemory } from "../platform/memory";
import { openDocument } from "../platform/openDocument";
import { refuseForeignPaths } from "../platform/refuseForeignPaths";
import { refuseUntrusted } from "../builds/runBuild";
import type { WithCore } from "../access/coreAccess";
import type { WithDiagnostics } from "../builds/buildDiagnostics";
import type { WithOutput } from "../builds/buildOutput";
import type { WithLogs } from "../builds/buildLogs";
import type { WithBuilds } from "../builds/builds";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithGuard } from "../context/guard/uploadGuard";
import type { WithImages } from "./specs/imageSpecs";
import type { WithLog } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { showFailure } from "../builds/showFailure";
import { isBuildNode } from "../builds/buildNode";
import { isNode } from "../components/tree/nodes";
import { isImageRow } from "./view/imageRow";
import { pickSpec } from "./specs/pickSpec";
import { runSpecBuild } from "./specs/runSpecBuild";
import { specBuilder } from "./specs/specBuilder";
import { specFolder } from "./specs/specFiles";
import { planWithProgress, type SpecPlan } from "./specs/specPlan";
import { previewedSpec } from "./specs/specPreviews";

/**
 * Builds an image spec, and pushes the image if requested. An existing image is not built again.
 *
 * @param target argument of the command: a spec, a row of the Images view, `SpecArguments`, or undefined
 * @param before answers of an earlier build that is repeated
 * @returns undefined if a prompt was dismissed
 */
export async function startSpecBuild(
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
  push: boolean,
  target: unknown,
  before: Partial<BuildAnswers> = {},
): Promise<BuildOutcome | undefined> {
  refuseUntrusted();
  const given: Partial<SpecArguments> = isSpecArguments(target) ? target : choicesOf(before);
  const spec = given.spec === undefined ? await specOf(services, target) : uriOf(given.spec);
  if (!spec) return undefined;
  refuseForeignPaths(given.spec, spec.fsPath, given.options?.output?.dest);
  const calledBy = isSpecArguments(target)
    ? `imageBuilders.${push ? "buildAndPushImageSpec" : "buildImageSpec"}`
    : before.calledBy;
  return build(services, push, { ...given, spec }, { isAsked: !isSpecArguments(target), calledBy });
}

/** Keeps the registry only if the settings contain it. Any other registry was named by the image itself. */
function choicesOf({ builder, registry, options }: Partial<BuildAnswers>): Partial<SpecArguments> {
  const isKnown = componentSettings("container_registry").components.some(({ name }) => name === registry);
  return { builder, options, ...(isKnown && { registry }) };
}

/** Whether a program called a command on a spec. It then receives errors itself. */
export function isSpecArguments(target: unknown): target is SpecArguments {
  return (
    typeof target === "object" &&
    target !== null &&
    !(target instanceof vscode.Uri) &&
    !isNode(target) &&
    !isBuildNode(target) &&
    !isImageRow(target) &&
    "spec" in target
  );
}

/**
 * Returns the spec that a command was called on, otherwise the one in the active editor or preview, otherwise one that
 * the person picks.
 */
export async function specOf(services: WithImages, target: unknown): Promise<vscode.Uri | undefined> {
  if (target instanceof vscode.Uri) return target;
  if (isImageRow(target)) return target.spec;
  const active = vscode.window.activeTextEditor?.document.uri;
  const spec = active && (previewedSpec(active) ?? active);
  return spec && isSpecFile(spec) && isOnFileSystem(spec) ? spec : pickSpec(services);
}

/** Origin of a build. */
interface Start {
  /** Whether a person is present to answer prompts. */
  readonly isAsked: boolean;
  /** Command that a program called, as in `BuildAnswers`. */
  readonly calledBy: string | undefined;
}

async function build(
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
  push: boolean,
  { spec, registry, force, dryRun, ...given }: SpecArguments & { readonly spec: vscode.Uri },
  start: Start,
): Promise<BuildOutcome> {
  const { isAsked, calledBy } = start;
  await saved(spec);
  const plan = await planWithProgress(services, spec, {
    push: push ? "always" : "never",
    registry,
    builder: given.builder,
  });
  if (dryRun) return describe(plan);
  const folder = specFolder(spec);
  const builder = given.builder ?? specBuilder(services.memory, spec);
  const answers = {
    folder,
    dockerfile: spec.fsPath,
    spec: spec.fsPath,
    imageName: plan.uri,
    builder,
    registry: plan.registry?.name,
    options: given.options ?? {},
    calledBy,
  };
  const buildAnyway = (): Promise<unknown> =>
    build(services, push, { ...given, spec, registry, force: true }, start).catch((error: unknown) =>
      showFailure(services, error),
    );
  return runSpecBuild(services, { spec, plan, answers, force, isAsked, buildAnyway });
}

/** Returns what a build would do, without contacting a daemon or registry. */
async function describe(plan: SpecPlan): Promise<BuildOutcome> {
  const startedAt = performance.now();
  const { imagePreview } = await import("../../core/image/plan/imageBuild");
  const preview = imagePreview(plan, plan.places);
  return {
    imageName: plan.uri,
    durationMs: performance.now() - startedAt,
    ...(preview && { dockerfile: preview.text }),
  };
}

/** Saves a spec with unsaved changes, so that the build uses the text in the editor. */
async function saved(spec: vscode.Uri): Promise<void> {
  const document = openDocument(spec);
  if (document?.isDirty && !(await document.save()))
    throw new ImageBuilderError(
      "imageInvalid",
      vscode.l10n.t('Can\'t save "{0}", so it was not built. Save it first.', spec.fsPath),
    );
}

function uriOf(spec: vscode.Uri | string): vscode.Uri {
  if (spec instanceof vscode.Uri) return spec;
  return vscode.Uri.file(resolve(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", spec));
}
