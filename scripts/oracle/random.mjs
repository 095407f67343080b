/** Random number generator with a seed, so that cases can be reproduced. */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** Returns a number in [0, 1). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Returns an integer from 0 up to the limit, exclusive. @param {number} limit */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  /** @param {number} probability */
  chance(probability) {
    return this.next() < probability;
  }

  /**
   * @template T
   * @param {readonly T[]} from
   * @returns {T}
   */
  pick(from) {
    return /** @type {T} */ (from[this.below(from.length)]);
  }

  /**
   * @template T
   * @param {number} least
   * @param {number} most
   * @param {() => T} make
   * @returns {T[]}
   */
  times(least, most, make) {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
}
