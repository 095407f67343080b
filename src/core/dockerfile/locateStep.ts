import { groupBy } from "../base/groupBy";
import type { Instruction } from "./instruction";
import { parseDockerfile } from "./parseDockerfile";
import { readStages, type Stage, type StageOptions } from "./stages";

/** Range of lines of a Dockerfile; both ends count from 1 and are inclusive. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/**
 * Returns a function that finds the instruction of a step by BuildKit's own count, such as `[build 2/4] RUN make`. It
 * returns undefined for a step that is no instruction.
 */
export function stepLocator(text: string, options: StageOptions): (stepName: string) => LineRange | undefined {
  const parsed = parseDockerfile(text);
  const { stages } = parsed ? readStages(parsed, options) : { stages: [] };
  return (stepName) => {
    const found = instructionOfStep(stages, stepName);
    return found && { line: found.line, endLine: found.endLine };
  };
}

/** Finds the instruction of a step by BuildKit's own count; for `[build 1/4] FROM …`, that is the stage's FROM. */
export function instructionOfStep(stages: readonly Stage[], stepName: string): Instruction | undefined {
  return instructionByPosition(stages, stepName)[0] ?? baseByPosition(stages, stepName);
}

/** Returns the stage that a step belongs to, as its name says. */
export function stageOfStep(stages: readonly Stage[], stepName: string): Stage | undefined {
  return positionIn(stages, stepName).stage;
}

/**
 * Returns a function that finds the instructions of a step: by its number among all instructions, as Docker's classic
 * builder counts, by BuildKit's own count, or by its text, which several instructions may have.
 */
export function stepFinder(
  instructions: readonly Instruction[],
  stages: readonly Stage[],
): (stepName: string, stepNumber?: number) => readonly Instruction[] {
  const written = instructions.map((instruction) => ({ instruction, text: squeeze(instruction.text) }));
  const byText = groupBy(written, ({ text }) => text);
  return (stepName, stepNumber = 0) => {
    const numbered = written[stepNumber - 1];
    if (numbered?.text === squeeze(stepName)) return [numbered.instruction];
    const placed = instructionByPosition(stages, stepName);
    if (placed.length > 0) return placed;
    const wanted = squeeze(stepName.replace(/^\[[^\]]*\] /, ""));
    const same = byText.get(wanted) ?? written.filter(({ text }) => wanted.startsWith(`${text} `));
    return same.map(({ instruction }) => instruction);
  };
}

/** Collapses spaces, because a step's name contains no indentation. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

const counted = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);

/**
 * Finds the instruction of `[stage 2/4] …`: the second of the four that BuildKit counts, of which FROM is the first if
 * it names an image.
 */
function instructionByPosition(stages: readonly Stage[], stepName: string): Instruction[] {
  const { stage, number, total, rest } = positionIn(stages, stepName);
  if (!stage) return [];
  const steps = countedSteps(stage);
  const offset = hasImage(stage) ? 1 : 0;
  const found = steps[number - 1 - offset];
  const isSame = rest.startsWith(found?.keyword ?? "FROM");
  return found && isSame && steps.length + offset === total ? [found] : [];
}

/** Finds the FROM of `[stage 1/4] FROM …`. */
function baseByPosition(stages: readonly Stage[], stepName: string): Instruction | undefined {
  const { stage, number, total, rest } = positionIn(stages, stepName);
  if (!stage || number !== 1 || !hasImage(stage) || !rest.startsWith("FROM ")) return undefined;
  return countedSteps(stage).length + 1 === total ? stage.from : undefined;
}

interface Position {
  readonly stage?: Stage;
  readonly number: number;
  readonly total: number;
  /** Name of the step after its position. */
  readonly rest: string;
}

function positionIn(stages: readonly Stage[], stepName: string): Position {
  const label = /^\[(?:(.*) )?(\d+)\/(\d+)\] /.exec(stepName);
  if (!label) return { number: 0, total: 0, rest: "" };
  const wanted = label[1]
    ?.split(" ")
    .filter((word) => !word.includes("/"))
    .at(-1);
  const stage =
    stages.find(({ name, index }) => wanted === (name ?? `stage-${index}`)) ??
    (stages.length === 1 ? stages[0] : undefined);
  return { stage, number: Number(label[2]), total: Number(label[3]), rest: stepName.slice(label[0].length) };
}

function countedSteps({ steps }: Stage): Instruction[] {
  return steps.filter(({ instruction }) => counted.has(instruction.keyword)).map(({ instruction }) => instruction);
}

function hasImage({ parent, base }: Stage): boolean {
  return parent === undefined && base !== "scratch";
}
