/** The most steps of a pattern with wildcards: each may be looked at for each character of each path. */
export const largestPattern = 10_000;

/**
 * How much all the patterns of one list may take together. Only counts, as in `?{1000}`, and hostile names come near.
 */
export class MatchingLimits {
  /** Steps that counts may still add to what is written. */
  #countedLeft = 200_000;
  #keptLeft: number;

  /** @param kept how many numbers may be kept of what was found out while matching */
  constructor(kept = 2_000_000) {
    this.#keptLeft = kept;
  }

  get countedLeft(): number {
    return this.#countedLeft;
  }

  takeCounted(steps: number): void {
    this.#countedLeft -= steps;
  }

  /** @returns whether so much may be kept; it counts in any case */
  keep(numbers: number): boolean {
    this.#keptLeft -= numbers;
    return this.#keptLeft >= 0;
  }

  /** What is kept no longer. */
  release(numbers: number): void {
    this.#keptLeft += numbers;
  }
}
