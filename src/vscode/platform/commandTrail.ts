/** Knows which commands of ours run, and which ran last, for errors that do not tell whose work they were. */
export class CommandTrail {
  readonly #running = new Map<number, string>();
  #count = 0;
  #last: string | undefined;

  /** Runs a command's work under its name. */
  async follow<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const number = ++this.#count;
    this.#running.set(number, name);
    this.#last = name;
    try {
      return await work();
    } finally {
      this.#running.delete(number);
    }
  }

  /** The names of the commands that run, else of the one that was called last; empty before the first. */
  get names(): readonly string[] {
    const running = [...new Set(this.#running.values())];
    return running.length > 0 || this.#last === undefined ? running : [this.#last];
  }
}
