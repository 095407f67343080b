import type { PathTree } from "./pathTree";

/** Keeps what was worked out of a tree by a key until the tree changes, or until too much else has been kept since. */
export class Recall<T> {
  readonly #known = new Map<string, T>();
  #revision = -1;

  /** @param limit how many results are kept */
  constructor(
    private readonly tree: PathTree,
    private readonly limit: () => number,
  ) {}

  /** What is known, else what the steps come to, which must be those of a tree that does not change meanwhile. */
  *steps(key: string, work: () => Generator<undefined, T>): Generator<undefined, T> {
    if (this.#revision !== this.tree.revision) this.#known.clear();
    this.#revision = this.tree.revision;
    const known = this.#known.get(key);
    this.#known.delete(key);
    const value = known ?? (yield* work());
    if (this.#revision === this.tree.revision) this.#known.set(key, value);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= Math.max(this.limit(), 1)) break;
      this.#known.delete(oldest);
    }
    return value;
  }
}
