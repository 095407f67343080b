/** Aborts its signal after a time in which nothing has come; `end` it, or its timer runs on. */
export class WaitLimit {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly timeoutMs: number) {
    this.renew();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Restarts the timer. */
  renew(): void {
    this.pause();
    this.#timer = setTimeout(() => this.#controller.abort(), this.timeoutMs);
  }

  /** Stops the time until it is renewed. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Stops the time for good. */
  end(): void {
    this.pause();
  }
}
