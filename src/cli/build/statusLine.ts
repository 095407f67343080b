const intervalMs = 100;
/** Of a terminal that does not tell its width. */
const usualColumns = 80;

/** The last line of a terminal, which is written over. Where there is no terminal it is not shown. */
export class StatusLine {
  #text = "";
  #shownAt = 0;
  #isShown = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly isOff = false,
  ) {}

  /** Shows a text, at most ten times in a second. */
  show(text: string): void {
    if (!this.stream.isTTY || this.isOff) return;
    this.#text = text;
    if (performance.now() - this.#shownAt >= intervalMs) this.#draw();
  }

  /** Writes a line above it. */
  print(line: string): void {
    this.clear();
    this.stream.write(`${line}\n`);
  }

  clear(): void {
    if (this.#isShown) this.stream.write("\r\u001b[2K");
    this.#isShown = false;
  }

  #draw(): void {
    this.#shownAt = performance.now();
    this.clear();
    this.stream.write([...this.#text].slice(0, (this.stream.columns || usualColumns) - 1).join(""));
    this.#isShown = true;
  }
}
