import { ShellLexer } from "./shellLexer";
import { WordError } from "./shellSubstitution";

/** Start of a here-document. */
export interface HeredocMark {
  /** Last line of the document. */
  readonly name: string;
  /** Whether leading tabs of lines are removed, as after `<<-`. */
  readonly dropsTabs: boolean;
  /** Whether variables are replaced in the document, as they are unless a part of the name is quoted. */
  readonly expands: boolean;
}

/** A here-document as it is written. */
export interface Heredoc extends HeredocMark {
  /** The lines with their ends, without stripped tabs. */
  readonly text: string;
  /** The same with those tabs. */
  readonly written: string;
  /** Whether a line ends it. */
  readonly isEnded: boolean;
}

/** Limit on the text that is split into words, in characters: more than any line of a Dockerfile that is read. */
const longestLine = 131_072;
const mark = /^\d*<<(-?)([^<]*)$/;

/**
 * Parses a word as the start of a here-document, such as `<<EOF` or `3<<-"EOF"`; returns undefined for any other word.
 */
export function heredocMark(word: string): HeredocMark | undefined {
  const found = mark.exec(word);
  if (!found) return undefined;
  const written = found[2] ?? "";
  const [name, ...others] = split(written, false);
  if (name === undefined || others.length > 0) return undefined;
  return { name, dropsTabs: found[1] === "-", expands: split(written, true)[0] === name };
}

/** Returns the here-documents that an instruction's line starts, in order. */
export function heredocMarks(line: string): HeredocMark[] {
  return line.includes("<<") ? split(line, true).flatMap((word) => heredocMark(word) ?? []) : [];
}

/**
 * Splits a text into words; returns an empty list if one is invalid. The escape character is always a backslash here.
 */
function split(text: string, isRaw: boolean): string[] {
  const options = {
    escape: "\\",
    variables: () => undefined,
    keepsUnset: true,
    keepsQuotes: isRaw,
    keepsEscapes: isRaw,
    longest: longestLine,
    budget: { left: 0 },
  };
  try {
    return new ShellLexer(text, options).split();
  } catch (error) {
    if (error instanceof WordError) return [];
    throw error;
  }
}
