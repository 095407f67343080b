/** Records which of our commands are running, and which was called last, to attribute errors of unknown origin. */
export class CommandTrail {
  readonly #running = new Map<number, string>();
  #count = 0;
  #last: string | undefined;

  /** Runs a command and records its name meanwhile. */
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

  /** Names of the running commands; if none is running, of the last one; empty before the first call. */
  get names(): readonly string[] {
    const running = [...new Set(this.#running.values())];
    return running.length > 0 || this.#last === undefined ? running : [this.#last];
  }
}
