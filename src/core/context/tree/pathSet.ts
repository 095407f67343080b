import type { PathId } from "./pathTree";

/** Set of path ids, one bit each. */
export class PathSet {
  #words: Uint32Array;

  constructor(idLimit: number) {
    this.#words = new Uint32Array((idLimit + 31) >>> 5);
  }

  has(id: PathId): boolean {
    return (((this.#words[id >>> 5] ?? 0) >>> (id & 31)) & 1) === 1;
  }

  add(id: PathId): void {
    this.#words[id >>> 5] = (this.#words[id >>> 5] ?? 0) | (1 << (id & 31));
  }

  delete(id: PathId): void {
    this.#words[id >>> 5] = (this.#words[id >>> 5] ?? 0) & ~(1 << (id & 31));
  }

  get isEmpty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  /** Makes room for ids below the limit. */
  reserve(idLimit: number): void {
    if (idLimit <= this.#words.length * 32) return;
    const words = new Uint32Array(Math.max(this.#words.length * 2, (idLimit + 31) >>> 5));
    words.set(this.#words);
    this.#words = words;
  }

  /** Number of words of 32 ids each, for `forEachIn`. */
  get wordCount(): number {
    return this.#words.length;
  }

  /** Visits the ids in a range of words, in ascending order. */
  forEachIn(fromWord: number, toWord: number, visit: (id: PathId) => void): void {
    for (let at = fromWord; at < toWord; at++) {
      for (let bits = this.#words[at] ?? 0; bits !== 0; bits &= bits - 1)
        visit((at << 5) + 31 - Math.clz32(bits & -bits));
    }
  }
}
