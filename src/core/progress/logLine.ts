import { stripVTControlCharacters } from "node:util";

/** Longest part of a line that is shown, in characters: longer lines make an editor slow. */
const longestLine = 20_000;

/** Beginning of a line, and the number of its characters that are left out. */
interface Segment {
  readonly text: string;
  readonly left: number;
}

const nothing: Segment = { text: "", left: 0 };

/**
 * Line as a terminal would show it, assembled from pieces: without escape codes, and only with the last text of those
 * that a `\r` overwrote. Of a line that is too long, the beginning is kept, with the number of missing characters.
 */
export class LogLine {
  #now = nothing;
  /** Text before the last `\r`, which stays visible until other text overwrites it. */
  #before = nothing;
  #isEmpty = true;

  /** Returns the lines that a text completes. */
  accept(text: string): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#add(text.slice(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#add(text.slice(start));
    return lines;
  }

  /** Returns the text since the last line end; undefined if there is none. */
  end(): string | undefined {
    return this.#isEmpty ? undefined : this.#take();
  }

  #add(piece: string): void {
    if (piece === "") return;
    this.#isEmpty = false;
    let start = 0;
    for (let end = piece.indexOf("\r"); end >= 0; end = piece.indexOf("\r", start)) {
      this.#now = longer(this.#now, piece.slice(start, end));
      if (plain(this.#now) !== "") this.#before = this.#now;
      this.#now = nothing;
      start = end + 1;
    }
    this.#now = longer(this.#now, piece.slice(start));
  }

  #take(): string {
    const line = plain(this.#now) || plain(this.#before);
    this.#now = this.#before = nothing;
    this.#isEmpty = true;
    return line;
  }
}

/** Splits a whole text into log lines. */
export function logLines(text: string): string[] {
  const line = new LogLine();
  return [...line.accept(text), line.end() ?? ""];
}

function longer({ text, left }: Segment, piece: string): Segment {
  const room = longestLine - text.length;
  return { text: text + piece.slice(0, room), left: left + Math.max(0, piece.length - room) };
}

function plain({ text, left }: Segment): string {
  if (text === "") return "";
  const shown = stripVTControlCharacters(text).replace(/[^\P{Cc}\t]/gu, "");
  return left === 0 ? shown : `${shown}… (${left} more characters of this line are not shown)`;
}
