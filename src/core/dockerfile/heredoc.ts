import { ShellLexer } from "./shellLexer";
import { WordError } from "./shellSubstitution";

/** The mark of a here-document. */
export interface HeredocMark {
  /** Ends the document, on a line of its own. */
  readonly name: string;
  /** Whether tabs in front of lines are left out, as after `<<-`. */
  readonly dropsTabs: boolean;
  /** Whether variables are replaced in the document, as they are unless a part of the name is quoted. */
  readonly expands: boolean;
}

/** A here-document as it is written. */
export interface Heredoc extends HeredocMark {
  /** Its lines with their ends, without the tabs that are left out. */
  readonly text: string;
  /** The same with those tabs. */
  readonly written: string;
  /** Whether a line ends it. */
  readonly isEnded: boolean;
}

/** No mark is longer; the whole line of an instruction may be. */
const longestLine = 131_072;
const mark = /^\d*<<(-?)([^<]*)$/;

/** The mark that a word is, such as `<<EOF` or `3<<-"EOF"`; undefined for any other word. */
export function heredocMark(word: string): HeredocMark | undefined {
  const found = mark.exec(word);
  if (!found) return undefined;
  const written = found[2] ?? "";
  const [name, ...others] = split(written, false);
  if (name === undefined || others.length > 0) return undefined;
  return { name, dropsTabs: found[1] === "-", expands: split(written, true)[0] === name };
}

/** The marks in an instruction's line, in their order. */
export function heredocMarks(line: string): HeredocMark[] {
  return line.includes("<<") ? split(line, true).flatMap((word) => heredocMark(word) ?? []) : [];
}

/** A word that cannot be read hides all. The escape character is always the same here. */
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
