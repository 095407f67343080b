import { isUtf8 } from "node:buffer";
import { faultInGlob } from "./globSyntax";
import { cleanPath, trimSpace } from "../../base/goText";

/** Rule of an ignore file. */
export interface IgnorePattern {
  /** Line number, from 1; undefined for a pattern that is not in a file. */
  readonly line?: number;
  /** Column where the line's text begins, in UTF-16 units from 1, not counting a byte order mark. */
  readonly column?: number;
  /** Line as written, without surrounding spaces. */
  readonly written?: string;
  /** Cleaned pattern without a leading `!`, which paths are compared with. */
  readonly text: string;
  /** Whether the line begins with `!` and includes again what earlier lines exclude. */
  readonly exception: boolean;
}

/** Reason why builders reject an ignore file. */
export interface IgnoreProblem {
  readonly line?: number;
  /** Column of the fault if it is known, otherwise of the line's text. */
  readonly column?: number;
  /** Line as written, or as the builder changed it. */
  readonly text: string;
  /** Reason in the builder's own words. */
  readonly reason: string;
  /** Sentence that says how to fix the problem. */
  readonly remedy: string;
}

/** Parsed ignore file. The first problem is the one that a builder reports. */
export interface ParsedIgnoreFile {
  readonly patterns: readonly IgnorePattern[];
  readonly problems: readonly IgnoreProblem[];
}

/** Builder that a build context is made for; the two differ in what an ignore file excludes. */
export type ContextBuilder = "buildkit" | "classic";

const longestLineBytes = 65_535;

/** Parses an ignore file as Docker 23 and newer does. @see https://github.com/moby/patternmatcher */
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
  // BuildKit receives the patterns in a header that is checked before they are read, and detects invalid UTF-8 only
  // afterwards.
  const unprintable = builder === "buildkit" ? firstUnprintable(texts) : undefined;
  return { patterns, problems: [unprintable, ...problems, notText].filter((problem) => problem !== undefined) };
}

/**
 * Parses a line that was already trimmed and cleaned once; a `!` or spaces that are at its edge only now count too.
 *
 * @param place position of the line, if it is in a file
 * @returns undefined for a line without effect, or the problem of an invalid one
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
 * Returns the problem of a malformed pattern.
 *
 * @param fault position in the pattern's text, in UTF-16 units
 */
export function malformed(
  { line, column, written = "", text }: Omit<IgnorePattern, "exception">,
  fault: number,
): IgnoreProblem {
  const begin = written.indexOf(text);
  return {
    line,
    // If cleaning changed the text, the position of the fault in the line is unknown.
    column: column === undefined || begin < 0 ? column : column + begin + fault,
    text: text.length > longestShown ? `${text.slice(0, longestShown)}…` : text,
    reason: "syntax error in pattern",
    remedy: "Put a backslash before each literal bracket, brace or backslash, or delete the line.",
  };
}

/** Returns the problem of a pattern that would take too much time and memory to match. */
export function tooComplex(pattern: Omit<IgnorePattern, "exception">): IgnoreProblem {
  const remedy = "Use smaller counts in braces, fewer wildcards, or several lines.";
  return { ...malformed(pattern, 0), reason: "the pattern is too complex", remedy };
}

/** Maximum number of characters of a pattern that a message shows. */
const longestShown = 200;

/** Whether a file begins with a byte order mark of UTF-16, which is read as text that happens to match nothing. */
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

/** Position and text of a line in its file. */
type Place = Required<Pick<IgnorePattern, "line" | "column" | "written">>;
/** Line with its text after the first pass. */
type WrittenLine = Place & { readonly text: string };

/** Trims and cleans a line; returns undefined for a comment or an empty line. */
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

/**
 * Returns the problem of the first nonprintable character. BuildKit receives patterns in a header, which is escaped
 * only if one of them is not ASCII.
 */
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
