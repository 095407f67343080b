import type { TextRange } from "../base/textRange";

/** Piece of a joined line that comes from one line of the file. */
interface Piece {
  /** Position in the joined line. */
  readonly at: number;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 units. */
  readonly column: number;
}

/** Line of one instruction, joined from its lines in the file, with the place that each character comes from. */
export class JoinedLine {
  /** Whether comments between the lines were left out. */
  hasComments = false;
  #text = "";
  readonly #pieces: Piece[] = [];

  get text(): string {
    return this.#text;
  }

  /** Line of the file on which it begins, even if that line contains nothing else. */
  get firstLine(): number {
    return this.#pieces[0]?.line ?? 1;
  }

  /** Adds a piece of a line of the file. */
  add(text: string, line: number, column: number): void {
    this.#pieces.push({ at: this.#text.length, line, column });
    this.#text += text;
  }

  /** Returns the place of a range of the joined line in the file. */
  rangeOf(start: number, end: number): TextRange {
    const first = this.#placeOf(start);
    const last = end > start ? this.#placeOf(end - 1) : first;
    return {
      line: first.line,
      column: first.column,
      endLine: last.line,
      endColumn: last.column + (end > start ? 1 : 0),
    };
  }

  #placeOf(offset: number): { readonly line: number; readonly column: number } {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pieces[middle]?.at ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const { at, line, column } = this.#pieces[low - 1] ?? { at: 0, line: 1, column: 1 };
    return { line, column: column + offset - at };
  }
}
