/**
 * Cuts a stream of text into lines. Searches only new text, and keeps nothing of a line that is too long, so that a
 * stream without line ends takes neither time nor memory.
 */
export class LineCutter {
  #pieces: string[] = [];
  #length = 0;
  #isTooLong = false;

  /**
   * @param longest longest line, in characters
   * @param onTooLong called with the beginning of each longer line, which is skipped
   */
  constructor(
    private readonly longest: number,
    private readonly onTooLong: (beginning: string) => void,
  ) {}

  /** Yields the non-empty lines that a piece of text completes, without their `\n`. */
  *cut(text: string): Generator<string> {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#add(text.slice(start, end));
      start = end + 1;
      yield* this.end();
    }
    this.#add(text.slice(start));
  }

  /** Yields the text since the last line end as a line, unless it is empty. */
  *end(): Generator<string> {
    const line = this.#pieces.join("");
    const isLine = !this.#isTooLong && line !== "";
    this.#pieces = [];
    this.#length = 0;
    this.#isTooLong = false;
    if (isLine) yield line;
  }

  #add(piece: string): void {
    if (piece === "" || this.#isTooLong) return;
    this.#length += piece.length;
    this.#pieces.push(piece);
    if (this.#length <= this.longest) return;
    this.#isTooLong = true;
    this.onTooLong(this.#pieces.join("").slice(0, beginningLength));
    this.#pieces = [];
  }
}

const beginningLength = 200;
