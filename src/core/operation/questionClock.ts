import type { Operation } from "./operation";

/** Measures how long a job waits for a person's answers, which is no time of the job. */
export class QuestionClock {
  /** Number of unanswered questions. */
  #open = 0;
  #since = 0;
  #waitedMs = 0;

  /** In milliseconds; questions that are open at the same time count once. */
  get waitedMs(): number {
    return this.#waitedMs + (this.#open > 0 ? performance.now() - this.#since : 0);
  }

  /** The same operation, whose questions are measured; looking at an upload is work. */
  measure(operation: Operation): Operation {
    const { confirmUpload, consent } = operation;
    return {
      ...operation,
      ...(confirmUpload && {
        confirmUpload: (upload) =>
          this.#waiting(() =>
            confirmUpload({ ...upload, review: (options) => this.#working(() => upload.review(options)) }),
          ),
      }),
      ...(consent && {
        consent: { confirm: (request, signal) => this.#waiting(() => consent.confirm(request, signal)) },
      }),
    };
  }

  async #waiting<Result>(question: () => Promise<Result>): Promise<Result> {
    this.#begin();
    try {
      return await question();
    } finally {
      this.#end();
    }
  }

  async #working<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#end();
    try {
      return await work();
    } finally {
      this.#begin();
    }
  }

  #begin(): void {
    if (this.#open++ === 0) this.#since = performance.now();
  }

  #end(): void {
    if (--this.#open === 0) this.#waitedMs += performance.now() - this.#since;
  }
}
