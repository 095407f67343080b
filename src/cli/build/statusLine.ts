const intervalMs = 100;
/** Width of a terminal that doesn't report one. */
const usualColumns = 80;

/** Last line of a terminal, which is overwritten in place. Not shown if the stream is not a terminal. */
export class StatusLine {
  #text = "";
  #shownAt = 0;
  #isShown = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly isOff = false,
  ) {}

  /** Shows a text, at most ten times a second; faster updates are dropped. */
  show(text: string): void {
    if (!this.stream.isTTY || this.isOff) return;
    this.#text = text;
    if (performance.now() - this.#shownAt >= intervalMs) this.#draw();
  }

  /** Prints a line above the status line. */
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
