/**
 * Cuts a text into lines, whatever the pieces it arrives in. Only what is new is searched, and of a line that is too
 * long nothing is kept, so that a stream without line ends takes neither time nor memory.
 */
export class LineCutter {
  #pieces: string[] = [];
  #length = 0;
  #isTooLong = false;

  /**
   * @param longest in characters
   * @param onTooLong called with the beginning of each longer line, which is left out
   */
  constructor(
    private readonly longest: number,
    private readonly onTooLong: (beginning: string) => void,
  ) {}

  /** The lines that a piece completes, without their ends. */
  *cut(text: string): Generator<string> {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#add(text.slice(start, end));
      start = end + 1;
      yield* this.end();
    }
    this.#add(text.slice(start));
  }

  /** What has come since the last line end, which counts as a line; nothing if that is empty. */
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
