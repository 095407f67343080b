/** Limits on the characters that are kept of a log: its beginning, and its end. */
interface LogLimits {
  readonly beginning: number;
  readonly end: number;
}

const defaultLimits: LogLimits = { beginning: 3 * 2 ** 20, end: 2 ** 20 };

/** Log of a running build in memory. Of a log that is too long, the beginning and the end are kept. */
export class LogText {
  readonly #beginning: string[] = [];
  #beginningLength = 0;
  #end: string[] = [];
  #endLength = 0;
  #leftOut = 0;

  constructor(private readonly limits: LogLimits = defaultLimits) {}

  append(line: string): void {
    const length = line.length + 1;
    if (this.#end.length === 0 && this.#leftOut === 0 && this.#beginningLength + length <= this.limits.beginning) {
      this.#beginning.push(line);
      this.#beginningLength += length;
      return;
    }
    this.#end.push(line);
    this.#endLength += length;
    if (this.#endLength > 2 * this.limits.end) this.#trim();
  }

  /** Number of lines of the beginning; they never change. */
  get beginningLines(): number {
    return this.#beginning.length;
  }

  /** Returns lines of the beginning, from a line number that counts from 0. */
  beginningFrom(line: number): string {
    return joined(this.#beginning.slice(line));
  }

  /** Returns what follows the beginning: the end, after a note on what is left out. */
  rest(): string {
    this.#trim();
    const note = this.#leftOut === 0 ? [] : [`… Lines left out because this log is too long: ${this.#leftOut} …`];
    return joined([...note, ...this.#end]);
  }

  toString(): string {
    return this.beginningFrom(0) + this.rest();
  }

  /** Removes the first lines of the end that are more than the limit. */
  #trim(): void {
    let first = 0;
    while (this.#endLength > this.limits.end && first < this.#end.length) {
      this.#endLength -= (this.#end[first]?.length ?? 0) + 1;
      first++;
    }
    this.#leftOut += first;
    if (first > 0) this.#end = this.#end.slice(first);
  }
}

function joined(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
