import { isUtf8 } from "node:buffer";
import { faultInGlob } from "./globSyntax";
import { cleanPath, trimSpace } from "../../base/goText";

/** One line of an ignore file that takes part in the decision. */
export interface IgnorePattern {
  /** Counted from 1; nothing for a pattern that no file holds. */
  readonly line?: number;
  /** Where the line's text begins, in UTF-16 units counted from 1, a byte order mark aside. */
  readonly column?: number;
  /** The line as it is written, without the spaces around. */
  readonly written?: string;
  /** Without a leading `!`, cleaned: what paths are compared with. */
  readonly text: string;
  /** Whether the line begins with `!` and takes back what earlier lines exclude. */
  readonly exception: boolean;
}

/** Why builders refuse an ignore file. */
export interface IgnoreProblem {
  readonly line?: number;
  /** The place of the fault where it can be told, else of the line's text. */
  readonly column?: number;
  /** The line, or what the builder makes of it. */
  readonly text: string;
  /** In the builder's own words. */
  readonly reason: string;
  /** A sentence that says what to do. */
  readonly remedy: string;
}

/** What an ignore file says; with problems, the first is the one a builder stops at. */
export interface ParsedIgnoreFile {
  readonly patterns: readonly IgnorePattern[];
  readonly problems: readonly IgnoreProblem[];
}

/** Which of the daemon's two builders a context is made for; they differ in what an ignore file excludes. */
export type ContextBuilder = "buildkit" | "classic";

const longestLineBytes = 65_535;

/** Reads an ignore file as Docker 23 or newer does. @see https://github.com/moby/patternmatcher */
export function parseIgnoreFile(bytes: Buffer, builder: ContextBuilder): ParsedIgnoreFile {
  const patterns: IgnorePattern[] = [];
  const problems: IgnoreProblem[] = [];
  const texts: WrittenLine[] = [];
  let notText: IgnoreProblem | undefined;

  let line = 0;
  for (const lineBytes of linesOf(bytes)) {
    line++;
    if (lineBytes.length > longestLineBytes) {
      const text = `${lineBytes.toString("utf8", 0, 40)}…`;
      const remedy = `Shorten the line to ${longestLineBytes} bytes or fewer.`;
      return { patterns: [], problems: [{ line, column: 1, text, reason: "bufio.Scanner: token too long", remedy }] };
    }
    const written = firstPass(lineBytes.toString("utf8"), line);
    if (!written) continue;
    texts.push(written);
    if (builder === "buildkit" && !isUtf8(lineBytes) && !isUtf16(bytes)) {
      const { column, text } = written;
      notText ??= {
        line,
        column,
        text,
        reason: "string field contains invalid UTF-8",
        remedy: "Save the file as UTF-8.",
      };
    }
    const pattern = parsePattern(written.text, written);
    if (!pattern) continue;
    if ("reason" in pattern) problems.push(pattern);
    else patterns.push(pattern);
  }
  // The patterns travel in a header before anybody reads them, and a text that is no UTF-8 is noticed only afterwards.
  const unprintable = builder === "buildkit" ? firstUnprintable(texts) : undefined;
  return { patterns, problems: [unprintable, ...problems, notText].filter((problem) => problem !== undefined) };
}

/**
 * Makes a pattern of a line that was trimmed and cleaned once: a second `!` and spaces only now at the edge count too.
 *
 * @param place where the line stands, if a file holds it
 * @returns nothing for a line without effect
 */
export function parsePattern(text: string, place?: Place): IgnorePattern | IgnoreProblem | undefined {
  const trimmed = trimSpace(text);
  if (trimmed === "") return undefined;
  const cleaned = cleanPath(trimmed);
  const exception = cleaned.startsWith("!");
  const pattern = {
    line: place?.line,
    column: place?.column,
    written: place?.written,
    text: exception ? cleaned.slice(1) : cleaned,
    exception,
  };
  if (pattern.text === "")
    return {
      line: pattern.line,
      column: pattern.column,
      text: cleaned,
      reason: 'illegal exclusion pattern: "!"',
      remedy: "Add a path after the exclamation mark, or delete the line.",
    };
  const fault = faultInGlob(pattern.text);
  return fault === undefined ? pattern : malformed(pattern, fault);
}

/**
 * The problem of a pattern that cannot be read.
 *
 * @param fault where in the pattern's text
 */
export function malformed(
  { line, column, written = "", text }: Omit<IgnorePattern, "exception">,
  fault: number,
): IgnoreProblem {
  const begin = written.indexOf(text);
  return {
    line,
    // Where cleaning changed the text, the fault cannot be found again.
    column: column === undefined || begin < 0 ? column : column + begin + fault,
    text: text.length > longestShown ? `${text.slice(0, longestShown)}…` : text,
    reason: "syntax error in pattern",
    remedy: "Put a backslash before each literal bracket, brace or backslash, or delete the line.",
  };
}

/** The problem of a pattern that would take too much time and memory to match. */
export function tooComplex(pattern: Omit<IgnorePattern, "exception">): IgnoreProblem {
  const remedy = "Use smaller counts in braces, fewer wildcards, or several lines.";
  return { ...malformed(pattern, 0), reason: "the pattern is too complex", remedy };
}

/** How much of a pattern a message shows, in characters. */
const longestShown = 200;

/** UTF-16 passes as text that happens to match nothing. */
export function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.length > 1 ? bytes.readUInt16BE() : 0;
  return mark === 0xfffe || mark === 0xfeff;
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** Where a line stands and what it is. */
type Place = Required<Pick<IgnorePattern, "line" | "column" | "written">>;
/** With the line's text after the first pass. */
type WrittenLine = Place & { readonly text: string };

/** Nothing for a comment or an empty line. */
function firstPass(lineText: string, line: number): WrittenLine | undefined {
  const withoutMark = line === 1 && lineText.startsWith("\ufeff") ? lineText.slice(1) : lineText;
  if (withoutMark.startsWith("#")) return undefined;
  const written = trimSpace(withoutMark);
  if (written === "") return undefined;
  const exception = written.startsWith("!");
  const pattern = exception ? trimSpace(written.slice(1)) : written;
  const cleaned = pattern && cleanPath(pattern);
  const text = (exception ? "!" : "") + (cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned);
  return { line, column: withoutMark.indexOf(written) + 1, written, text };
}

/** Patterns travel to BuildKit in a header, which is escaped only when one of them is not ASCII. */
function firstUnprintable(texts: readonly WrittenLine[]): IgnoreProblem | undefined {
  if (texts.some(({ text }) => /[^\0-\x7f]/.test(text))) return undefined;
  const found = texts.find(({ text }) => /[^\x20-\x7e]/.test(text));
  return (
    found && {
      line: found.line,
      column: found.column + found.written.search(/[^\x20-\x7e]/),
      text: found.text,
      reason: 'header key "exclude-patterns" contains value with non-printable ASCII characters',
      remedy: "Remove the control character from the line; a lone carriage return does not end a line.",
    }
  );
}
