import { stripVTControlCharacters } from "node:util";

/** How much of a line is shown, in characters: an editor with longer ones is slow. */
const longestLine = 20_000;

/** A part of a line, and how much of it is left out. */
interface Segment {
  readonly text: string;
  readonly left: number;
}

const nothing: Segment = { text: "", left: 0 };

/**
 * A line as a terminal would leave it, gathered from pieces: without escape codes, and of what a `\r` overwrote only
 * the last. Of a line that is too long the beginning is kept, and how much is missing.
 */
export class LogLine {
  #now = nothing;
  /** What the last `\r` led back to, which stays as long as nothing is written over it. */
  #before = nothing;
  #isEmpty = true;

  /** The lines that a text completes. */
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

  /** What has come since the last line end; nothing if nothing has. */
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

/** A whole text as lines of a log. */
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
