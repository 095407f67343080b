import type * as vscode from "vscode";
import type { BuildOutcome } from "../../../api/api";
import type { ErrorLocation } from "../../../core/base/errors";
import type { ImageSpec } from "../../../core/image/spec/readImageSpec";
import { componentNamed } from "../../settings/componentSettings";
import { buildConsent } from "../../consent/buildConsent";
import type { BuildAnswers, WithMemory } from "../../platform/memory";
import { announce, refuseUntrusted, uploadCheck } from "../../builds/runBuild";
import { runOperation } from "../../builds/runOperation";
import type { WithCore } from "../../access/coreAccess";
import type { WithDiagnostics } from "../../builds/buildDiagnostics";
import type { WithOutput } from "../../builds/buildOutput";
import type { WithLogs } from "../../builds/buildLogs";
import type { WithBuilds } from "../../builds/builds";
import type { WithTrusted } from "../../consent/trustedSources";
import type { WithGuard } from "../../context/guard/uploadGuard";
import type { WithImages } from "./imageSpecs";
import type { WithLog } from "../../platform/host";
import { buildSettings } from "../../platform/settings";
import type { SpecPlan } from "./specPlan";

/** Parameters of a build from a spec. */
export interface SpecBuild {
  readonly spec: vscode.Uri;
  readonly plan: SpecPlan;
  readonly answers: BuildAnswers;
  /** Builds the image even if it exists. */
  readonly force?: boolean;
  /** Whether a person is present to answer prompts. */
  readonly isAsked: boolean;
  /** Action that is offered if the image exists. */
  readonly buildAnyway: () => Promise<unknown>;
}

/**
 * Ensures that a spec's image exists: builds it if it doesn't, announces the result, and returns it.
 *
 * @throws ImageBuilderError with the code of the failure; vscode.CancellationError
 */
export async function runSpecBuild(
  services: WithBuilds &
    WithCore &
    WithDiagnostics &
    WithGuard &
    WithImages &
    WithLog &
    WithLogs &
    WithMemory &
    WithOutput &
    WithTrusted,
  { spec, plan, answers, force, isAsked, buildAnyway }: SpecBuild,
): Promise<BuildOutcome> {
  refuseUntrusted();
  const build = services.builds.start([plan.uri], answers);
  services.diagnostics.clear(answers.dockerfile);
  await services.memory.keepLast(answers);
  const outcome = await runOperation(services, build, async (operation) => {
    const [{ ensureImage }, { secretNames }, core] = await Promise.all([
      import("../../../core/jobs/ensureImage"),
      import("../../../core/image/plan/secretSources"),
      services.core.get(),
    ]);
    const upload = uploadCheck(services, build, isAsked, operation);
    const builder = componentNamed("image_builder", answers.builder);
    const consent = buildConsent(services.trusted.asking, { answers, builder, specSecrets: secretNames(plan.image) });
    const {
      imageName,
      repoDigest,
      imageId,
      sizeBytes,
      durationMs,
      outcome: kind,
    } = await ensureImage(
      {
        ...plan,
        force,
        builder,
        options: { ...answers.options, builder: buildSettings(answers.folder).builder },
        locateLayer: (layer) => placeOfLayer(spec, plan.spec, layer),
      },
      core,
      { ...operation, confirmUpload: upload.confirm, consent },
    );
    return {
      imageName,
      repoDigest,
      imageId,
      sizeBytes,
      durationMs,
      ...(kind === "exists" && { exists: true }),
      ...upload.warnings(),
    };
  });
  services.images.refresh(spec);
  void announce(services, build, outcome, buildAnyway);
  return outcome;
}

/** Returns the location of a layer in the spec; without a layer, the location of `from`. */
function placeOfLayer(spec: vscode.Uri, { layers, root }: ImageSpec, layer: number | undefined): ErrorLocation {
  const found =
    layer === undefined
      ? undefined
      : layers.find(({ firstLayer, layerCount }) => layer >= firstLayer && layer < firstLayer + layerCount);
  if (!found) return { file: spec.fsPath, line: root.entries.get("from")?.keyRange.line ?? 1 };
  const { line, endLine, endColumn } = found.range;
  // The range of a block ends at the beginning of the next line.
  return { file: spec.fsPath, line, endLine: endColumn === 1 && endLine > line ? endLine - 1 : endLine };
}
