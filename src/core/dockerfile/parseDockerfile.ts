import type { Heredoc, HeredocMark } from "./heredoc";
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
    instruction.documents = instruction.heredocs.map((mark) => readHeredoc(reader, mark));
    if (instruction.trigger) instruction.trigger.documents = instruction.documents;
    instruction.endLine = Math.max(instruction.endLine, instruction.heredocs.length > 0 ? reader.lineNumber : 0);
    if (instruction.keyword !== "") instructions.push(instruction);
  }
  return { instructions, escape: reader.escape };
}

function readHeredoc(reader: LineReader, mark: HeredocMark): Heredoc {
  let [text, written, isEnded] = ["", "", false];
  for (let line = reader.nextLine(); line; line = reader.nextLine()) {
    isEnded = (mark.dropsTabs ? line.text.replace(/^\t+/, "") : line.text) === mark.name;
    if (isEnded) break;
    text += mark.dropsTabs ? line.whole.replace(/^\t+/, "") : line.whole;
    written += line.whole;
  }
  return { ...mark, text, written, isEnded };
}
