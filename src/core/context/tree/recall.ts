import type { PathTree } from "./pathTree";

/** Keeps what was worked out of a tree by a key until the tree changes, or until too much else has been kept since. */
export class Recall<T> {
  readonly #known = new Map<string, T>();
  #revision = -1;
  #size = 0;

  /**
   * @param limit how much is kept
   * @param sizeOf how much a result counts, by its key
   */
  constructor(
    private readonly tree: PathTree,
    private readonly limit: () => number,
    private readonly sizeOf: (key: string) => number = () => 1,
  ) {}

  /** What is known, else what the steps come to, which must be those of a tree that does not change meanwhile. */
  *steps(key: string, work: () => Generator<undefined, T>): Generator<undefined, T> {
    if (this.#revision !== this.tree.revision) this.#clear();
    this.#revision = this.tree.revision;
    const known = this.#known.get(key);
    this.#delete(key);
    const value = known ?? (yield* work());
    // Meanwhile it may have been worked out a second time.
    this.#delete(key);
    if (this.#revision === this.tree.revision) {
      this.#known.set(key, value);
      this.#size += this.sizeOf(key);
    }
    for (const oldest of this.#known.keys()) {
      if (this.#size <= this.limit() || this.#known.size <= 1) break;
      this.#delete(oldest);
    }
    return value;
  }

  #delete(key: string): void {
    if (this.#known.delete(key)) this.#size -= this.sizeOf(key);
  }

  #clear(): void {
    this.#known.clear();
    this.#size = 0;
  }
}
