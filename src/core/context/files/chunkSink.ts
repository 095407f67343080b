import type { Writable } from "node:stream";

/**
 * Hands chunks to a stream, one under way while the next is made. Whatever ends the stream early, an abort included,
 * fails the next call; errors of the stream find a listener as long as there is a sink.
 */
export class ChunkSink {
  #underWay: Promise<void> = Promise.resolve();
  #failed = false;
  #failure: unknown;
  #reject: (error: unknown) => void = () => {};

  constructor(
    private readonly output: Writable,
    private readonly signal?: AbortSignal,
  ) {
    output.on("error", this.#onError).on("close", this.#onClose);
    signal?.addEventListener("abort", this.#onAbort);
    if (signal?.aborted) this.#onAbort();
    else if (output.destroyed || output.writableEnded) this.#onClose();
  }

  /** Waits for the chunk before, then hands this one over; its bytes must stay as they are. */
  async write(chunk: Buffer): Promise<void> {
    await this.#underWay;
    this.#underWay = this.#send(chunk);
    // The failure is told by the next call.
    this.#underWay.catch(() => {});
  }

  /** Waits until the stream has taken everything; does not end it. */
  async finish(): Promise<void> {
    await this.#underWay;
    if (this.#failed) throw this.#failure;
  }

  /** Lets go of the stream. After a failure a listener stays, for errors that follow from it. */
  release(): void {
    this.output.off("close", this.#onClose);
    this.signal?.removeEventListener("abort", this.#onAbort);
    if (!this.#failed) this.output.off("error", this.#onError);
  }

  #send(chunk: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failed) return reject(this.#failure);
      this.#reject = reject;
      this.output.write(chunk, (error) => (error ? this.#fail(error) : resolve()));
    });
  }

  readonly #onError = (error: Error): void => this.#fail(error);
  readonly #onClose = (): void =>
    this.#fail(this.output.errored ?? new Error("The archive's output stream was closed too early."));
  readonly #onAbort = (): void => this.#fail(this.signal?.reason);

  #fail(error: unknown): void {
    if (!this.#failed) {
      this.#failed = true;
      this.#failure = error;
    }
    this.#reject(this.#failure);
  }
}
