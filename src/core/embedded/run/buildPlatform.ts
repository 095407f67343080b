import type { BuildContext } from "../../context/files/buildContext";
import { platformVariables } from "../../dockerfile/platformVariables";
import { emptyState, ownState, type ImageState } from "../image/imageConfig";
import { ObstacleError } from "../plan/obstacle";
import type { BuildPlan, PlannedStage } from "../plan/planBuild";
import { BuildVariables } from "../plan/variables";
import { FileTree } from "../tree/fileTree";
import type { BaseImages } from "./baseImages";
import { buildStage, type StageResult, type StageWorld } from "./buildStage";
import { contextTree } from "./contextTree";

/** Dependencies and options of a plan's stages. */
export interface PlatformBuild {
  readonly plan: BuildPlan;
  readonly context: BuildContext;
  readonly bases: BaseImages;
  /** Seconds since 1970. */
  readonly epoch?: number;
  /** Whether the platform was asked for, so that the image tells it even if its base tells another. */
  readonly isChosen: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Builds the target of a plan; its layers are not packed yet. @throws ObstacleError; ImageBuilderError */
export async function buildPlatform(build: PlatformBuild): Promise<StageResult> {
  const { plan, bases, context, signal, epoch } = build;
  const variables = new BuildVariables(plan);
  const done = new Map<number, StageResult>();
  let files: Promise<FileTree> | undefined;
  const source: StageWorld["source"] = async (from) => {
    if (from === undefined) return (files ??= contextTree(context, signal));
    const index = plan.sources(from);
    const stage = index === undefined ? undefined : done.get(index);
    return stage ? stage.files() : (await bases.find(from, plan.question.platform)).files();
  };
  let target: StageResult | undefined;
  for (const stage of plan.stages) {
    const below = await groundOf(stage, done, build, variables);
    target = await buildStage(stage, below, { source, sources: plan.sources, epoch, signal });
    done.set(stage.index, target);
  }
  if (!target) throw new ObstacleError("no stage");
  return { ...target, state: finished(target.state, build) };
}

async function groundOf(
  stage: PlannedStage,
  done: ReadonlyMap<number, StageResult>,
  { plan, bases }: PlatformBuild,
  variables: BuildVariables,
): Promise<StageResult> {
  const parent = stage.parent === undefined ? undefined : done.get(stage.parent);
  // The reader has put the triggers of a stage among the instructions.
  if (parent) return { ...parent, state: { ...parent.state, onBuild: [] }, variables: variables.of(parent.variables) };
  const platform = stage.platform ?? plan.question.platform;
  if (!/^linux\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/.test(platform))
    throw new ObstacleError(`the platform ${platform.slice(0, 100)}`, { line: stage.from.line });
  if (stage.base === "scratch") {
    const { os, architecture, variant } = partsOf(plan.question.platform);
    const state = emptyState(os, architecture, variant);
    return { state, variables: variables.of(), layers: [], files: () => Promise.resolve(new FileTree()) };
  }
  const base = await bases.find(stage.base, platform).catch((error: unknown) => {
    throw error instanceof ObstacleError
      ? new ObstacleError(error.reason, { line: stage.from.line, cause: error })
      : error;
  });
  return { state: ownState(base.state), base, variables: variables.of(), layers: [], files: base.files };
}

function finished(state: ImageState, { plan, isChosen, labels: more = {} }: PlatformBuild): ImageState {
  const labels = new Map([...(state.labels ?? []), ...Object.entries(more)]);
  const withLabels = { ...state, labels };
  if (!isChosen) return withLabels;
  const { os, architecture, variant } = partsOf(plan.question.platform);
  const isSame = state.os === os && state.architecture === architecture;
  return {
    ...withLabels,
    os,
    architecture,
    variant: variant !== "" || !isSame ? variant : state.variant,
    osVersion: isSame ? state.osVersion : undefined,
  };
}

/** Returns the parts of a platform as images tell them. */
function partsOf(platform: string): { readonly os: string; readonly architecture: string; readonly variant: string } {
  const variables = platformVariables({ platform });
  const get = (name: string): string => variables.get(name) ?? "";
  return { os: get("TARGETOS"), architecture: get("TARGETARCH"), variant: get("TARGETVARIANT") };
}
