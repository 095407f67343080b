import { isUtf8 } from "node:buffer";
import { isWellFormedGlob } from "./globSyntax";
import { cleanPath, trimSpace } from "./goText";

/** One line of an ignore file that takes part in the decision. */
export interface IgnorePattern {
  /** Counted from 1; nothing for a pattern that no file holds. */
  readonly line?: number;
  /** Without a leading `!`, cleaned: what paths are compared with. */
  readonly text: string;
  /** Whether the line begins with `!` and takes back what earlier lines exclude. */
  readonly exception: boolean;
}

/** Why builders refuse an ignore file. */
export interface IgnoreProblem {
  readonly line?: number;
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
  const texts: { readonly line: number; readonly text: string }[] = [];
  let notText: IgnoreProblem | undefined;

  let line = 0;
  for (const lineBytes of linesOf(bytes)) {
    line++;
    if (lineBytes.length > longestLineBytes) {
      const remedy = `Keep lines to ${longestLineBytes} bytes.`;
      return {
        patterns: [],
        problems: [{ line, text: `${lineBytes.toString("utf8", 0, 40)}…`, reason: "bufio.Scanner: token too long", remedy }],
      };
    }
    const text = firstPass(lineBytes.toString("utf8"), line);
    if (text === undefined) continue;
    texts.push({ line, text });
    if (builder === "buildkit" && !isUtf8(lineBytes) && !isUtf16(bytes)) {
      notText ??= { line, text, reason: "string field contains invalid UTF-8", remedy: "Save the file as UTF-8." };
    }
    const pattern = parsePattern(text, line);
    if (!pattern) continue;
    if ("reason" in pattern) problems.push(pattern);
    else patterns.push(pattern);
  }
  if (notText) problems.push(notText);
  const unprintable = builder === "buildkit" && firstUnprintable(texts);
  if (unprintable) problems.push(unprintable);
  return { patterns, problems };
}

/**
 * Makes a pattern of a line that was trimmed and cleaned once: a second `!` and spaces only now at the edge count too.
 *
 * @returns nothing for a line without effect
 */
export function parsePattern(text: string, line?: number): IgnorePattern | IgnoreProblem | undefined {
  const trimmed = trimSpace(text);
  if (trimmed === "") return undefined;
  const cleaned = cleanPath(trimmed);
  const exception = cleaned.startsWith("!");
  const pattern = exception ? cleaned.slice(1) : cleaned;
  if (pattern === "")
    return {
      line,
      text: cleaned,
      reason: 'illegal exclusion pattern: "!"',
      remedy: "Write a path after the exclamation mark or delete the line.",
    };
  return isWellFormedGlob(pattern) ? { line, text: pattern, exception } : malformed({ line, text: pattern });
}

/** The problem of a pattern that cannot be read. */
export function malformed({ line, text }: Pick<IgnorePattern, "line" | "text">): IgnoreProblem {
  return {
    line,
    text,
    reason: "syntax error in pattern",
    remedy: "Write a backslash before a bracket, a brace or a backslash that stands for itself, or delete the line.",
  };
}

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

/** Nothing for a comment or an empty line. */
function firstPass(lineText: string, line: number): string | undefined {
  const withoutMark = line === 1 && lineText.startsWith("\ufeff") ? lineText.slice(1) : lineText;
  if (withoutMark.startsWith("#")) return undefined;
  const trimmed = trimSpace(withoutMark);
  if (trimmed === "") return undefined;
  const exception = trimmed.startsWith("!");
  const pattern = exception ? trimSpace(trimmed.slice(1)) : trimmed;
  const cleaned = pattern && cleanPath(pattern);
  return (exception ? "!" : "") + (cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned);
}

/** Patterns travel to BuildKit in a header, which is escaped only when one of them is not ASCII. */
function firstUnprintable(texts: readonly { readonly line: number; readonly text: string }[]): IgnoreProblem | undefined {
  if (texts.some(({ text }) => /[^\0-\x7f]/.test(text))) return undefined;
  const found = texts.find(({ text }) => /[^\x20-\x7e]/.test(text));
  return (
    found && {
      ...found,
      reason: 'header key "exclude-patterns" contains value with non-printable ASCII characters',
      remedy: "Take the control character out of the line; a lone carriage return does not end one.",
    }
  );
}
