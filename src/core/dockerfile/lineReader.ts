import { isSpace } from "../base/goText";
import { JoinedLine } from "./joinedLine";

const validDirectives = new Set(["syntax", "escape", "check"]);

/** Line of the file; `text` excludes the line end. */
interface FileLine {
  readonly text: string;
  /** Text including the line end. */
  readonly whole: string;
  /** Counts from 1. */
  readonly number: number;
}

/**
 * Reads the lines of a Dockerfile as BuildKit does: parser directives at the top, comments and empty lines left out,
 * continued lines joined.
 *
 * @see https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export class LineReader {
  /** Escape character: `\` (default) or a backtick. */
  escape = "\\";
  readonly #seenDirectives = new Set<string>();
  #areDirectivesOver = false;
  #at: number;
  #number = 0;

  constructor(private readonly text: string) {
    this.#at = text.startsWith("\ufeff") ? 1 : 0;
  }

  /** Number of the last line that was read; counts from 1. */
  get lineNumber(): number {
    return this.#number;
  }

  /** Reads the lines of the next instruction and joins them; returns undefined at the end of the file. */
  nextInstruction(): JoinedLine | undefined {
    for (let line = this.nextLine(); line; line = this.nextLine()) {
      const start = spacesBefore(line.text);
      const text = line.text.slice(start);
      this.#readDirective(text);
      const continued = text.startsWith("#") ? undefined : this.#withoutContinuation(text);
      if (text.startsWith("#") || (continued === undefined && text === "")) continue;
      const joined = new JoinedLine();
      joined.add(
        continued ?? text,
        line.number,
        start + 1 + (line.number === 1 && this.text.startsWith("\ufeff") ? 1 : 0),
      );
      if (continued !== undefined) this.#readContinuation(joined);
      return joined;
    }
    return undefined;
  }

  /** Reads the next line of the file as it is; returns undefined at the end. */
  nextLine(): FileLine | undefined {
    if (this.#at >= this.text.length) return undefined;
    const newline = this.text.indexOf("\n", this.#at);
    const end = newline < 0 ? this.text.length : newline + 1;
    const whole = this.text.slice(this.#at, end);
    this.#at = end;
    return { text: withoutLineEnd(whole), whole, number: ++this.#number };
  }

  #readContinuation(joined: JoinedLine): void {
    for (let line = this.nextLine(); line; line = this.nextLine()) {
      const start = spacesBefore(line.text);
      if (line.text.charAt(start) === "#") joined.hasComments = true;
      if (start === line.text.length || line.text.charAt(start) === "#") continue;
      const continued = this.#withoutContinuation(line.text);
      joined.add(continued ?? line.text, line.number, 1);
      if (continued === undefined) return;
    }
  }

  /**
   * Returns the line without the escape character at its end; undefined if the line doesn't continue. A doubled escape
   * character doesn't continue a line.
   */
  #withoutContinuation(text: string): string | undefined {
    let end = text.length;
    while (end > 0 && (text.charAt(end - 1) === " " || text.charAt(end - 1) === "\t")) end--;
    if (end === 0 || text.charAt(end - 1) !== this.escape || (end > 1 && text.charAt(end - 2) === this.escape))
      return undefined;
    return text.slice(0, end - 1);
  }

  /** Reads a parser directive, if the line is one. Directives end at the first other line. */
  #readDirective(text: string): void {
    if (this.#areDirectivesOver) return;
    const comment = text.startsWith("#") ? text.slice(1 + spacesBefore(text.slice(1))) : "";
    const equals = comment.indexOf("=");
    const name = comment.slice(0, Math.max(equals, 0)).trimEnd().toLowerCase();
    const value = comment.slice(equals + 1).trim();
    this.#areDirectivesOver = !validDirectives.has(name) || value === "" || this.#seenDirectives.has(name);
    if (this.#areDirectivesOver) return;
    this.#seenDirectives.add(name);
    if (name === "escape" && (value === "`" || value === "\\")) this.escape = value;
  }
}

function spacesBefore(text: string): number {
  let at = 0;
  while (at < text.length && isSpace(text.charAt(at))) at++;
  return at;
}

function withoutLineEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charAt(end - 1) === "\n" || text.charAt(end - 1) === "\r")) end--;
  return text.slice(0, end);
}
