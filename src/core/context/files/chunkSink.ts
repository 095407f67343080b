import type { Writable } from "node:stream";

/**
 * Writes chunks to a stream; while one is being written, the next can be prepared. If the stream ends early or the
 * signal is aborted, the next call fails. Until `release`, errors of the stream have a listener.
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

  /**
   * Waits for the previous chunk, then starts writing this one; its bytes must not change. @throws the failure of an
   * earlier chunk
   */
  async write(chunk: Buffer): Promise<void> {
    await this.#underWay;
    this.#underWay = this.#send(chunk);
    // The next call reports the failure.
    this.#underWay.catch(() => {});
  }

  /** Waits until the stream has accepted everything; does not end it. @throws the failure of the stream */
  async finish(): Promise<void> {
    await this.#underWay;
    if (this.#failed) throw this.#failure;
  }

  /** Releases the stream. After a failure, a listener stays for subsequent errors. */
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
