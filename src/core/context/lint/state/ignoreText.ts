import type { TextRange } from "../../../base/textRange";
import { trimSpace } from "../../../base/goText";
import {
  isUtf16,
  parseIgnoreFile,
  type ContextBuilder,
  type IgnorePattern,
  type IgnoreProblem,
} from "../../dockerignore/parseIgnoreFile";

/** Line of an ignore file that is a pattern, as written. */
export interface WrittenLine {
  /** Line number, from 1. */
  readonly line: number;
  /** Text without surrounding spaces. */
  readonly text: string;
  readonly range: TextRange;
  readonly pattern: IgnorePattern;
}

/** Text of an ignore file, parsed as a builder does, with the positions of its parts. */
export class IgnoreText {
  /** Lines as written, without line ends. */
  readonly rawLines: readonly string[];
  readonly lineEnd: string;
  readonly lines: readonly WrittenLine[];
  readonly problems: readonly IgnoreProblem[];

  readonly text: string;
  /** Whether the file is UTF-16, in which builders find no patterns. */
  readonly isUtf16: boolean;
  /** Whether the text represents the whole file, which is not the case if parts are not UTF-8. */
  readonly isWhole: boolean;

  /** @param source the file's bytes, or its text if only that is known */
  constructor(source: string | Buffer, builder: ContextBuilder) {
    const bytes = Buffer.from(source);
    const text = bytes.toString("utf8");
    this.text = text;
    this.isUtf16 = isUtf16(bytes);
    this.isWhole = !text.includes("\ufffd") || Buffer.from(text).equals(bytes);
    this.rawLines = text.split("\n").map((line) => line.replace(/\r$/, ""));
    this.lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
    const { patterns, problems } = parseIgnoreFile(bytes, builder);
    this.problems = problems;
    this.lines = patterns.flatMap((pattern) =>
      pattern.line === undefined
        ? []
        : [{ line: pattern.line, text: trimSpace(this.raw(pattern.line)), range: this.rangeOf(pattern.line), pattern }],
    );
  }

  /** Whether the file begins with a byte order mark, which ranges in it count. */
  get hasMark(): boolean {
    return this.text.startsWith("\ufeff");
  }

  /** Number of the last line that is not empty; 0 if all are. */
  get lastLine(): number {
    return this.rawLines.findLastIndex((line) => trimSpace(line) !== "") + 1;
  }

  raw(line: number): string {
    const raw = this.rawLines[line - 1] ?? "";
    return line === 1 ? raw.replace(/^\ufeff/, "") : raw;
  }

  /** Returns the range of a line's text without surrounding spaces. */
  rangeOf(line: number): TextRange {
    const raw = this.rawLines[line - 1] ?? "";
    const text = trimSpace(this.raw(line));
    const column = Math.max(raw.indexOf(text), 0) + 1;
    return { line, column, endLine: line, endColumn: column + text.length };
  }

  /** Returns the range of a part of a line, or of the whole line if it doesn't contain the part. */
  rangeOfPart(line: number, part: string): TextRange {
    const at = part === "" ? -1 : (this.rawLines[line - 1] ?? "").indexOf(part);
    return at < 0 ? this.rangeOf(line) : { line, column: at + 1, endLine: line, endColumn: at + 1 + part.length };
  }
}
