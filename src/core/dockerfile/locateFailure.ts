import type { Instruction } from "./instruction";
import { parseDockerfile } from "./parseDockerfile";
import { stageName } from "./stages";

/** Lines of a Dockerfile, from 1, both included. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/**
 * Where in a Dockerfile a build failed.
 *
 * @param stepName the failed step as the builder names it: `[build 2/4] RUN make` (BuildKit) or `RUN make` (classic)
 * @param words what the daemon said
 */
export function locateFailure(text: string, stepName: string | undefined, words: string): LineRange | undefined {
  return locate(text, stepName?.slice(0, longestWords), words.slice(0, longestWords));
}

/** How much of what a daemon said is compared with each instruction, in characters. */
const longestWords = 16_384;
/** How many base images are looked for in what a daemon said. */
const mostBases = 100;

function locate(text: string, stepName: string | undefined, words: string): LineRange | undefined {
  const instructions = parseDockerfile(text)?.instructions ?? [];
  return (
    lineInWords(words, text) ??
    rangeOf(stepName === undefined ? undefined : (instructionByPosition(instructions, stepName) ?? instructionByText(instructions, stepName))) ??
    rangeOf(baseImageInstruction(instructions, `${stepName ?? ""}\n${words}`)) ??
    rangeOf(copyOfAbsentFile(instructions, words))
  );
}

function rangeOf(instruction: Instruction | undefined): LineRange | undefined {
  if (!instruction) return undefined;
  return { line: instruction.line, endLine: instruction.endLine };
}

/** `dockerfile parse error line 3: …`, with `on` before the line in some versions. */
function lineInWords(words: string, text: string): LineRange | undefined {
  const line = Number(/parse error (?:on )?line (\d+)/i.exec(words)?.[1]);
  return line >= 1 && line <= text.split("\n").length ? { line, endLine: line } : undefined;
}

/** `[stage 2/4] …`: the second of the instructions that BuildKit counts, FROM being the first. */
function instructionByPosition(instructions: readonly Instruction[], stepName: string): Instruction | undefined {
  const label = /^\[(?:(.*) )?(\d+)\/\d+\] /.exec(stepName);
  if (!label) return undefined;
  const wanted = label[1]?.split(" ").filter((word) => !word.includes("/")).at(-1);
  const stages = splitStages(instructions);
  const stage = stages.find((each, i) => wanted === (each.name ?? `stage-${i}`)) ?? (stages.length === 1 ? stages[0] : undefined);
  const found = stage?.counted[Number(label[2]) - 1];
  return found && stepName.slice(label[0].length).startsWith(found.keyword) ? found : undefined;
}

function splitStages(instructions: readonly Instruction[]): { name?: string; counted: Instruction[] }[] {
  const stages: { name?: string; counted: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") stages.push({ name: stageName(instruction), counted: [instruction] });
    else if (["RUN", "COPY", "ADD", "WORKDIR"].includes(instruction.keyword)) stages.at(-1)?.counted.push(instruction);
  }
  return stages;
}

function instructionByText(instructions: readonly Instruction[], stepName: string): Instruction | undefined {
  const wanted = squeeze(stepName.replace(/^\[[^\]]*\] /, ""));
  return instructions.find((instruction) => squeeze(instruction.text) === wanted) ?? instructions.find((instruction) => wanted.startsWith(`${squeeze(instruction.text)} `));
}

/** Single spaces: indentation is not in a step's name. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function baseImageInstruction(instructions: readonly Instruction[], words: string): Instruction | undefined {
  const bases = instructions.filter(({ keyword }) => keyword === "FROM").slice(0, mostBases);
  return bases.find((instruction) => {
    const image = instruction.words[0]?.text;
    if (!image || image === "scratch") return false;
    return words.includes(`metadata for ${image}`) || words.includes(`/${image}:`) || words.includes(`/${image} `) || words.includes(` ${image}:`) || words.includes(` ${image} `);
  });
}

function copyOfAbsentFile(instructions: readonly Instruction[], words: string): Instruction | undefined {
  const path = /"\/?([^"]+)":? not found|stat ([^\s:]+):/.exec(words)?.slice(1).find(Boolean);
  if (!path) return undefined;
  return instructions.find(
    ({ keyword, sources }) => ["COPY", "ADD"].includes(keyword) && sources.some((source) => source.text.replace(/^\.?\//, "") === path),
  );
}
