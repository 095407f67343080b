const firstBytes = 64 * 1024;

/** Collects copies of many small pieces, up to a limit; beyond it, it keeps nothing. */
export class GrowingBuffer {
  #bytes: Buffer | undefined = Buffer.allocUnsafe(firstBytes);
  #length = 0;

  constructor(private readonly maxBytes: number) {}

  add(piece: Buffer): void {
    if (!this.#bytes) return;
    const length = this.#length + piece.length;
    if (length > this.maxBytes) {
      this.#bytes = undefined;
      return;
    }
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(length, this.#bytes.length * 2)));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** Returns the pieces as one; undefined if they exceed the limit. */
  bytes(): Buffer | undefined {
    return this.#bytes?.subarray(0, this.#length);
  }
}
