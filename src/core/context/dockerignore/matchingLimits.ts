/** Maximum number of steps of a pattern with wildcards: each may be visited for each character of each path. */
export const largestPattern = 10_000;

/** Limits shared by all patterns of a list. Only repeat counts, as in `?{1000}`, and malicious names come near them. */
export class MatchingLimits {
  /** Number of steps that repeat counts may still add. */
  #countedLeft = 200_000;
  #keptLeft: number;

  /** @param kept maximum size of the automatons' caches together, in numbers */
  constructor(kept = 2_000_000) {
    this.#keptLeft = kept;
  }

  get countedLeft(): number {
    return this.#countedLeft;
  }

  takeCounted(steps: number): void {
    this.#countedLeft -= steps;
  }

  /** Reserves cache space, even beyond the limit. @returns whether the total is within the limit */
  keep(numbers: number): boolean {
    this.#keptLeft -= numbers;
    return this.#keptLeft >= 0;
  }

  /** Gives back cache space. */
  release(numbers: number): void {
    this.#keptLeft += numbers;
  }
}
