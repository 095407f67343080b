import { instructionsByWord } from "./failedWord";
import type { Instruction } from "./instruction";
import { mountsIn } from "./mountOptions";
import { parseDockerfile } from "./parseDockerfile";
import { refusedInstructions } from "./refusedInstruction";
import { stepFinder, type LineRange } from "./locateStep";
import { readStages, type Stage } from "./stages";

/** Known details of a failure that a builder describes only in words. */
export interface DescribedFailure {
  /** Name of the failed step in the builder's format: `[build 2/4] RUN make` (BuildKit) or `RUN make` (classic). */
  readonly stepName?: string;
  /** Number of the step among all instructions of the Dockerfile, from 1, as Docker's classic builder counts. */
  readonly stepNumber?: number;
  /** Message of the daemon. */
  readonly words: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/**
 * Finds the place in a Dockerfile at which a build failed, for builders that don't report it: the classic builder,
 * Podman, and Docker 20.10.
 *
 * @returns all places that match: more than one if the same text occurs several times without a distinction
 */
export function locateFailure(text: string, { stepName, stepNumber, words, buildArgs }: DescribedFailure): LineRange[] {
  const said = words.slice(0, longestWords);
  const parsed = parseDockerfile(text);
  const line = lineInWords(said, text);
  if (line) return [line];
  if (!parsed) return [];
  const { instructions } = parsed;
  const name = stepName?.slice(0, longestWords);
  const { stages } = readStages(parsed, { buildArgs });
  const candidates: readonly (readonly Instruction[])[] = [
    name === undefined ? [] : stepFinder(instructions, stages)(name, stepNumber),
    imageInstructions(instructions, stages, `${name ?? ""}\n${said}`),
    copiesOfAbsentFile(instructions, said),
    instructionsByWord(instructions, parsed.escape, said),
    refusedInstructions(instructions, said),
  ];
  const found = candidates.find((each) => each.length > 0) ?? [];
  return [...new Set(found)].map((instruction) => ({ line: instruction.line, endLine: instruction.endLine }));
}

/** Length of a daemon's message that is compared with each instruction, in characters. */
const longestWords = 16_384;
/** Limit on the images that are searched for in a daemon's message. */
const mostImages = 200;

/** Returns the line of `dockerfile parse error line 3: …`, with `on` before the line in some versions. */
function lineInWords(words: string, text: string): LineRange | undefined {
  const line = Number(/parse error (?:on )?line (\d+)/i.exec(words)?.[1]);
  return line >= 1 && line <= text.split("\n").length ? { line, endLine: line } : undefined;
}

/** Returns the first instruction with an image that the words name, because a builder requests each image once. */
function imageInstructions(
  instructions: readonly Instruction[],
  stages: readonly Stage[],
  words: string,
): Instruction[] {
  const froms = instructions.filter(({ keyword }) => keyword === "FROM");
  const bases = stages.flatMap(({ base, parent }, i) =>
    typeof parent === "object" ? [] : [[froms[i], base] as const],
  );
  const names = new Set(stages.map(({ name }) => name));
  const others = instructions.flatMap((instruction) =>
    imagesOf(instruction).flatMap((image) => (names.has(image.toLowerCase()) ? [] : [[instruction, image] as const])),
  );
  const found = [...bases, ...others].slice(0, mostImages).find(([, image]) => isNamedIn(words, image))?.[0];
  return found ? [found] : [];
}

/** Returns the images, or stages, that an instruction takes files from. */
function imagesOf({ flags }: Instruction): string[] {
  const mounted = mountsIn(flags, (word) => word).map(({ from }) => from);
  return [flags.find(({ name }) => name === "from")?.value, ...mounted].filter((image) => image !== undefined);
}

function isNamedIn(words: string, image: string): boolean {
  if (image === "" || image === "scratch") return false;
  return [`metadata for ${image}`, `/${image}:`, `/${image} `, ` ${image}:`, ` ${image} `].some((named) =>
    words.includes(named),
  );
}

function copiesOfAbsentFile(instructions: readonly Instruction[], words: string): Instruction[] {
  const path = /"\/?([^"]+)":? not found|stat ([^\s:]+):/.exec(words)?.slice(1).find(Boolean);
  if (!path) return [];
  return instructions.filter(
    ({ keyword, sources }) =>
      ["COPY", "ADD"].includes(keyword) && sources.some((source) => source.text.replace(/^\.?\//, "") === path),
  );
}
