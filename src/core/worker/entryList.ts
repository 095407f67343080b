import type { ContextEntry } from "../context/files/contextEntry";

/**
 * Entries of a context, read from their source immediately and kept, so that every iteration yields the same entries.
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

  /** @throws the source's error, after the entries before it */
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
