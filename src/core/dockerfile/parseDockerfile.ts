import { Instruction } from "./instruction";
import { LineReader } from "./lineReader";

/** Longest Dockerfile that is parsed, in characters. Builders accept longer ones. */
export const longestDockerfile = 65_536;

/** A Dockerfile, instruction by instruction. */
export interface Dockerfile {
  readonly instructions: readonly Instruction[];
  /** Escape character: `\` or a backtick. */
  readonly escape: string;
}

/** Parses a Dockerfile; returns undefined if it is longer than `longestDockerfile`. */
export function parseDockerfile(text: string): Dockerfile | undefined {
  if (text.length > longestDockerfile) return undefined;
  const reader = new LineReader(text);
  const instructions: Instruction[] = [];
  for (let joined = reader.nextInstruction(); joined; joined = reader.nextInstruction()) {
    const instruction = new Instruction(joined, 0, reader.escape);
    for (const heredoc of instruction.heredocs) skipHeredoc(reader, heredoc);
    instruction.endLine = Math.max(instruction.endLine, instruction.heredocs.length > 0 ? reader.lineNumber : 0);
    if (instruction.keyword !== "") instructions.push(instruction);
  }
  return { instructions, escape: reader.escape };
}

function skipHeredoc(
  reader: LineReader,
  { name, dropsTabs }: { readonly name: string; readonly dropsTabs: boolean },
): void {
  for (let line = reader.nextLine(); line; line = reader.nextLine()) {
    if ((dropsTabs ? line.text.replace(/^\t+/, "") : line.text) === name) return;
  }
}
