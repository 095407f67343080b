import type { TextRange } from "../../../base/textRange";
import { trimSpace } from "../../../base/goText";
import {
  isUtf16,
  parseIgnoreFile,
  type ContextBuilder,
  type IgnorePattern,
  type IgnoreProblem,
} from "../../dockerignore/parseIgnoreFile";

/** A line that takes part in the decision, as it is written. */
export interface WrittenLine {
  /** Counted from 1. */
  readonly line: number;
  /** Without the spaces around it. */
  readonly text: string;
  readonly range: TextRange;
  readonly pattern: IgnorePattern;
}

/** An ignore file's text, read as a builder does and with everything's place kept. */
export class IgnoreText {
  /** As they are written, without line ends. */
  readonly rawLines: readonly string[];
  readonly lineEnd: string;
  readonly lines: readonly WrittenLine[];
  readonly problems: readonly IgnoreProblem[];

  readonly text: string;
  /** In which builders find no pattern at all. */
  readonly isUtf16: boolean;
  /** Whether the text is all of the file: what is not UTF-8 is not in it. */
  readonly isWhole: boolean;

  /** @param source the file's bytes, or its text where only that is known */
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

  /** Whether it begins with a byte order mark, which the places in it count. */
  get hasMark(): boolean {
    return this.text.startsWith("\ufeff");
  }

  /** The number of the last line that is not empty, 0 if all are. */
  get lastLine(): number {
    return this.rawLines.findLastIndex((line) => trimSpace(line) !== "") + 1;
  }

  raw(line: number): string {
    const raw = this.rawLines[line - 1] ?? "";
    return line === 1 ? raw.replace(/^\ufeff/, "") : raw;
  }

  /** Where the written part of a line is, without the spaces around it. */
  rangeOf(line: number): TextRange {
    const raw = this.rawLines[line - 1] ?? "";
    const text = trimSpace(this.raw(line));
    const column = Math.max(raw.indexOf(text), 0) + 1;
    return { line, column, endLine: line, endColumn: column + text.length };
  }

  /** Where a part of a line is; the whole of it if it does not hold the part. */
  rangeOfPart(line: number, part: string): TextRange {
    const at = part === "" ? -1 : (this.rawLines[line - 1] ?? "").indexOf(part);
    return at < 0 ? this.rangeOf(line) : { line, column: at + 1, endLine: line, endColumn: at + 1 + part.length };
  }
}
