import { parseJson } from "../border/parseJson";
import { unknownPart } from "./expandWord";
import type { Instruction } from "./instruction";
import { ShellLexer } from "./shellLexer";
import { WordError } from "./shellSubstitution";

/** Is followed by Go's `%q` of the word that BuildKit refuses, a colon and the reason. */
const failedToProcess = "failed to process ";

/** Maximum number of characters of words to read; further words are not compared. */
const longestRead = 262_144;

/**
 * Finds the instructions with the word that BuildKit refuses, for a daemon that reports no places: the word that it
 * names, else the words that our reader refuses for the same reason.
 *
 * @param escape the Dockerfile's escape character
 */
export function instructionsByWord(
  instructions: readonly Instruction[],
  escape: string,
  said: string,
): readonly Instruction[] {
  const named = namedWord(said);
  let left = longestRead;
  return instructions.filter((instruction) => {
    const words = wordsOf(instruction);
    left -= words.reduce((sum, { length }) => sum + length, 0);
    if (left < 0) return false;
    return named === undefined
      ? words.some((word) => isSaid(faultOf(word, escape), said))
      : words.includes(named) || words.some((word) => word.trim() === named);
  });
}

/** Returns the words of an instruction in which BuildKit replaces variables. */
function wordsOf(instruction: Instruction): string[] {
  const { keyword, content, words, flags } = instruction;
  const ofFlags = flags.flatMap(({ value }) => value ?? []);
  switch (keyword) {
    case "FROM":
      return [...words.slice(0, 1).map(({ text }) => text), ...ofFlags];
    case "COPY":
    case "ADD":
    case "EXPOSE":
    case "VOLUME":
      return [...words.map(({ text }) => text), ...ofFlags];
    case "ENV":
    case "LABEL":
      return instruction.pairs.flatMap(({ name, value = "" }) => [name, value]);
    case "ARG":
      return instruction.declarations.flatMap(({ name, value = "" }) => [name, value]);
    case "WORKDIR":
    case "USER":
    case "STOPSIGNAL":
      return [content];
    case "RUN":
      return ofFlags;
    default:
      return [];
  }
}

/** Returns BuildKit's own reason for refusing a word regardless of its variables' values. */
function faultOf(word: string, escape: string): string | undefined {
  const options = { escape, variables: () => unknownPart, longest: word.length + 1, budget: { left: 0 } };
  try {
    new ShellLexer(word, options).expand();
    return undefined;
  } catch (error) {
    if (error instanceof WordError) return error.message;
    throw error;
  }
}

/** Whether the daemon's words end with a fault. */
function isSaid(fault: string | undefined, said: string): boolean {
  return fault !== undefined && said.trim().endsWith(fault);
}

/**
 * Returns the word that BuildKit names; undefined if it names none, or writes it with an escape that JSON doesn't have.
 */
function namedWord(said: string): string | undefined {
  const start = said.indexOf(`${failedToProcess}"`) + failedToProcess.length;
  if (start < failedToProcess.length) return undefined;
  let end = start + 1;
  while (end < said.length && said.charAt(end) !== '"') end += said.charAt(end) === "\\" ? 2 : 1;
  const value = parseJson(said.slice(start, end + 1).replace(/\\x([0-9a-f]{2})/g, "\\u00$1"));
  return typeof value === "string" ? value : undefined;
}
