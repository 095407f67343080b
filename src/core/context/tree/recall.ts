import type { PathTree } from "./pathTree";

/**
 * Cache of results about a tree, by key. Results are dropped when the tree changes or the limit is exceeded, the oldest
 * first.
 */
export class Recall<T> {
  readonly #known = new Map<string, T>();
  #revision = -1;
  #size = 0;

  /**
   * @param limit maximum total size
   * @param sizeOf size of a result, by its key; default is 1
   */
  constructor(
    private readonly tree: PathTree,
    private readonly limit: () => number,
    private readonly sizeOf: (key: string) => number = () => 1,
  ) {}

  /** Returns the cached result, or runs `work` and caches its result if the tree hasn't changed in the meantime. */
  *steps(key: string, work: () => Generator<undefined, T>): Generator<undefined, T> {
    if (this.#revision !== this.tree.revision) this.#clear();
    this.#revision = this.tree.revision;
    const known = this.#known.get(key);
    this.#delete(key);
    const value = known ?? (yield* work());
    // Another caller may have computed it in the meantime.
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
