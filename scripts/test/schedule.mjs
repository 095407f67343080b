/**
 * Decides which job a free lane takes: another one of the suite that it has just run, whose programs are still there;
 * otherwise one of the suite that would last longest with the lanes that it has. The longest job of a suite goes first,
 * so that the lanes end at about the same time.
 *
 * @template {{ suite: string, expectedMs: number }} Job
 */
export class Schedule {
  /** @type {Map<string, Job[]>} */
  #waiting = new Map();
  /** Lanes by the suite they are at work on. @type {Map<unknown, string>} */
  #lanes = new Map();

  /** @param {readonly Job[]} jobs */
  constructor(jobs) {
    for (const job of [...jobs].sort((one, other) => other.expectedMs - one.expectedMs)) {
      this.#waiting.set(job.suite, [...(this.#waiting.get(job.suite) ?? []), job]);
    }
  }

  /**
   * @param {unknown} lane
   * @param {(suite: string) => boolean} [isReady] whether jobs of a suite can begin now
   * @returns {Job | undefined} nothing where no job is ready
   */
  next(lane, isReady = () => true) {
    const suites = [...this.#waiting.keys()].filter(
      (suite) => (this.#waiting.get(suite) ?? []).length > 0 && isReady(suite),
    );
    const last = this.#lanes.get(lane);
    const suite =
      last !== undefined && suites.includes(last)
        ? last
        : suites.sort((one, other) => this.#restMs(other, lane) - this.#restMs(one, lane))[0];
    if (suite === undefined) return this.leave(lane);
    this.#lanes.set(lane, suite);
    return this.#waiting.get(suite)?.shift();
  }

  /**
   * Forgets the jobs of a suite that have not begun.
   *
   * @param {string} suite
   */
  drop(suite) {
    this.#waiting.delete(suite);
  }

  /**
   * Counts a lane no more.
   *
   * @param {unknown} lane
   * @returns {undefined}
   */
  leave(lane) {
    this.#lanes.delete(lane);
  }

  /** How many jobs have not begun. */
  get size() {
    return [...this.#waiting.values()].reduce((sum, jobs) => sum + jobs.length, 0);
  }

  /**
   * How long a suite would last if this lane joined it.
   *
   * @param {string} suite
   * @param {unknown} lane
   */
  #restMs(suite, lane) {
    const jobs = this.#waiting.get(suite) ?? [];
    const helpers = [...this.#lanes].filter(([other, at]) => other !== lane && at === suite).length;
    return Math.max(
      jobs[0]?.expectedMs ?? 0,
      jobs.reduce((sum, { expectedMs }) => sum + expectedMs, 0) / (helpers + 1),
    );
  }
}
