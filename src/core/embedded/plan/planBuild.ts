import type { Instruction } from "../../dockerfile/instruction";
import { isPartlyUnknown } from "../../dockerfile/expandWord";
import { parseDockerfile, type Dockerfile } from "../../dockerfile/parseDockerfile";
import { reachedStages } from "../../dockerfile/reachedStages";
import { readStages, type StageOptions, type ReadStages, type Stage } from "../../dockerfile/stages";
import { isForeignSyntax, syntaxOf } from "../../dockerfile/syntax";
import { checkInstruction } from "./checkInstruction";
import type { Obstacle } from "./obstacle";

/** Facts that decide whether a Dockerfile can be built here. */
export interface BuildPlanOptions extends Pick<StageOptions, "buildArgs" | "target"> {
  /** `os/architecture[/variant]`, one. */
  readonly platform: string;
  readonly buildPlatform: string;
}

/** A stage that the build gets to. */
export interface PlannedStage {
  readonly index: number;
  /** Base image as named in FROM; `scratch` for none. */
  readonly base: string;
  readonly from: Instruction;
  /** Base stage. */
  readonly parent?: number;
  /** Platform in FROM. */
  readonly platform?: string;
  /** Triggers of the stage below first. */
  readonly instructions: readonly Instruction[];
}

/** Plan for building a Dockerfile without running anything. */
export interface BuildPlan {
  readonly question: BuildPlanOptions;
  readonly escape: string;
  /** ARG instructions in front of the first FROM. */
  readonly globals: readonly Instruction[];
  /** In the file's order; the target comes last. */
  readonly stages: readonly PlannedStage[];
  /** Source of `COPY --from`. */
  readonly sources: SourceNames;
  /** The name that the variable TARGETSTAGE has. */
  readonly targetStage: string;
}

/** Finds the stage that a `COPY --from` means; undefined where it means an image. */
export type SourceNames = (name: string) => number | undefined;

/**
 * Decides from a Dockerfile's text alone whether its target can be made without running anything.
 *
 * @returns the plan, or the obstacles in the file's order
 */
export function planBuild(text: string, question: BuildPlanOptions): BuildPlan | readonly Obstacle[] {
  const obstacle = obstacleOfFile(text, question);
  if (obstacle) return [{ reason: obstacle }];
  const dockerfile = parseDockerfile(text);
  if (!dockerfile) return [{ reason: "a Dockerfile that is too long" }];
  const reading = readStages(dockerfile, question);
  const reached = [...reachedStages(reading.stages, question.target)].sort((a, b) => a.index - b.index);
  const sources = sourceNames(reading.stages);
  const obstacles = [
    ...obstaclesOfText(dockerfile, reading),
    ...(reached.length === 0 && question.target ? [{ reason: `no stage "${question.target}"` }] : []),
    ...reached.flatMap((stage) => obstaclesOfStage(stage, sources, dockerfile.escape)),
  ];
  if (obstacles.length > 0) return inOrder(obstacles);
  const first = dockerfile.instructions.findIndex(({ keyword }) => keyword === "FROM");
  const last = reading.stages.at(-1);
  return {
    question,
    escape: dockerfile.escape,
    globals: dockerfile.instructions.slice(0, first),
    stages: reached.map((stage) => planned(stage, dockerfile)),
    sources,
    targetStage: question.target || last?.name || "default",
  };
}

function obstacleOfFile(text: string, { platform, buildArgs = {} }: BuildPlanOptions): string | undefined {
  if (!platform.startsWith("linux/")) return `the platform ${platform}`;
  if (isForeignSyntax(syntaxOf(text, buildArgs))) return "a syntax directive that names another frontend";
  // Remarks end a build then, and they are BuildKit's own.
  const isStrict = /^[ \t]*#[ \t]*check[ \t]*=.*error/im.test(text) || "BUILDKIT_DOCKERFILE_CHECK" in buildArgs;
  return isStrict ? "a check directive" : undefined;
}

/** Mistakes that end every build of the file, regardless of its target. */
function obstaclesOfText({ instructions, escape }: Dockerfile, { isCutShort }: ReadStages): Obstacle[] {
  const first = instructions.findIndex(({ keyword }) => keyword === "FROM");
  if (first < 0) return [{ reason: "no FROM" }];
  const early = instructions.slice(0, first).find(({ keyword }) => keyword !== "ARG");
  return [
    ...(isCutShort ? [{ reason: "too many ONBUILD triggers" }] : []),
    ...(early ? [{ line: early.line, reason: `${early.keyword.slice(0, 40)} in front of the first FROM` }] : []),
    ...instructions.flatMap((instruction) => {
      const reason = checkInstruction(instruction, escape) ?? proxyOf(instruction);
      return reason === undefined ? [] : [{ line: instruction.line, reason }];
    }),
  ];
}

/** The user's Docker configuration gives these arguments their values. */
function proxyOf({ keyword, declarations }: Instruction): string | undefined {
  const proxy = keyword === "ARG" && declarations.find(({ name }) => /^(?:https?|ftp|no|all)_proxy$/i.test(name));
  return proxy ? `ARG ${proxy.name}` : undefined;
}

function obstaclesOfStage(stage: Stage, sources: SourceNames, escape: string): Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (stage.parent === "unknown" || isPartlyUnknown(stage.base + (stage.platform ?? "")) || stage.base === "")
    obstacles.push({ line: stage.from.line, reason: "a base image that only the builder knows" });
  for (const { instruction } of stage.steps) {
    const reason = obstacleOfStep(instruction, stage.index, sources, escape);
    if (reason !== undefined) obstacles.push({ line: instruction.line, reason });
  }
  return obstacles;
}

/** Returns why a reached instruction prevents the build. */
export function obstacleOfStep(
  instruction: Instruction,
  stage: number,
  sources: SourceNames,
  escape: string,
): string | undefined {
  if (instruction.keyword === "RUN") return "RUN";
  const from = instruction.keyword === "COPY" ? instruction.flag("from")?.value : undefined;
  if (from !== undefined && from !== "") {
    const source = sources(from);
    if (source !== undefined && source >= stage) return `--from=${from.slice(0, 100)}, a later stage`;
    if (source === undefined && (/^[+-]?\d+$/.test(from) || from.toLowerCase() === "scratch"))
      return `--from=${from.slice(0, 100)}`;
  }
  return checkInstruction(instruction, escape);
}

function sourceNames(stages: readonly Stage[]): SourceNames {
  // The last of a name is meant.
  const byName = new Map(stages.flatMap(({ name, index }) => (name === undefined ? [] : [[name, index] as const])));
  return (name) =>
    /^\+?\d+$/.test(name) ? (Number(name) < stages.length ? Number(name) : undefined) : byName.get(name.toLowerCase());
}

function planned({ index, base, from, parent, platform, steps }: Stage, { instructions }: Dockerfile): PlannedStage {
  const start = instructions.indexOf(from) + 1;
  const next = instructions.findIndex(({ keyword }, at) => at >= start && keyword === "FROM");
  const own = instructions.slice(start, next < 0 ? undefined : next);
  return {
    index,
    base,
    from,
    platform,
    parent: typeof parent === "object" ? parent.index : undefined,
    // The reader keeps what is for others apart; its place among the rest does not matter.
    instructions: [...steps.map(({ instruction }) => instruction), ...own.filter(({ trigger }) => trigger)],
  };
}

/** Returns each line's first obstacle, in the file's order. */
function inOrder(obstacles: readonly Obstacle[]): Obstacle[] {
  const seen = new Set<number | undefined>();
  return [...obstacles]
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    .filter(({ line }) => line === undefined || (!seen.has(line) && seen.add(line)));
}
