import type { ContextEntry } from "../context/files/contextEntry";

/**
 * A context's entries, read from their source at once and kept: whoever goes through them, however often, gets the
 * same.
 */
export class EntryList implements AsyncIterable<readonly ContextEntry[]> {
  readonly #batches: (readonly ContextEntry[])[] = [];
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  #wake: () => void = () => {};
  #more = new Promise<void>((resolve) => (this.#wake = resolve));

  constructor(source: AsyncIterable<readonly ContextEntry[]>) {
    void this.#read(source);
  }

  /** @throws what the source threw, after the entries before */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly ContextEntry[]> {
    for (let next = 0; ;) {
      const batch = this.#batches[next];
      if (batch) {
        next++;
        yield batch;
      } else if (this.#failure) throw this.#failure.error;
      else if (this.#ended) return;
      else await this.#more;
    }
  }

  async #read(source: AsyncIterable<readonly ContextEntry[]>): Promise<void> {
    try {
      for await (const batch of source) {
        this.#batches.push(batch);
        this.#tell();
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#ended = true;
    this.#tell();
  }

  #tell(): void {
    this.#wake();
    this.#more = new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
