import { stepFinder, type LineRange } from "./locateStep";
import { parseDockerfile } from "./parseDockerfile";
import { readStages } from "./stages";

/** Step of a build that has finished. */
export interface FinishedStep {
  readonly number: number;
  /** Builder's own text, such as `[build 2/4] RUN make`. */
  readonly name: string;
  readonly cached: boolean;
  readonly durationMs?: number;
}

/** Instruction that a build has carried out; for several platforms, the longest time. */
export interface CarriedOut extends LineRange {
  readonly cached: boolean;
  readonly durationMs?: number;
}

/** Limit on the steps that are located, because each is compared with all instructions. */
const mostSteps = 500;

/** Length of a name that is compared, in characters; a step that embeds a file may have any. */
const longestName = 16_384;

/** Names of BuildKit's steps for instructions: `[build 2/4] RUN make`; of the classic builder: `RUN make`. */
const instructionName = /^(?:\[(?:[^\]]* )?\d{1,5}\/\d{1,5}\] )?(RUN|COPY|ADD|WORKDIR) /i;

/** Finds the instructions of a build's steps. Skips internal steps, and those that match several instructions. */
export function stepLines(
  text: string,
  steps: readonly FinishedStep[],
  buildArgs?: Readonly<Record<string, string>>,
): CarriedOut[] {
  const parsed = parseDockerfile(text);
  if (!parsed) return [];
  const { instructions } = parsed;
  const find = stepFinder(instructions, readStages(parsed, { buildArgs }).stages);
  const lines = text.split("\n");
  const found = new Map<number, CarriedOut>();
  for (const { number, name, cached, durationMs } of steps.slice(0, mostSteps)) {
    const [, keyword = ""] = instructionName.exec(name) ?? [];
    if (keyword === "") continue;
    const places = find(name.slice(0, longestName), number);
    const [place] = places;
    if (!place || places.length > 1) continue;
    if (!lines[place.line - 1]?.trimStart().toUpperCase().startsWith(keyword.toUpperCase())) continue;
    const other = found.get(place.line);
    found.set(place.line, {
      line: place.line,
      endLine: place.endLine,
      cached: cached && (other?.cached ?? true),
      durationMs: longest(other?.durationMs, cached ? undefined : durationMs),
    });
  }
  return [...found.values()].sort((one, two) => one.line - two.line);
}

function longest(one: number | undefined, two: number | undefined): number | undefined {
  return one === undefined || two === undefined ? (one ?? two) : Math.max(one, two);
}
