/**
 * Selects the next job of a free lane: another job of the same suite, whose programs are still running; otherwise one
 * of the suite that would take longest with its current lanes. The longest job of a suite is first, so that the lanes
 * end at about the same time.
 *
 * @template {{ suite: string, expectedMs: number }} Job
 */
export class Schedule {
  /** @type {Map<string, Job[]>} */
  #waiting = new Map();
  /** Suites by the lanes that are working on them. @type {Map<unknown, string>} */
  #lanes = new Map();

  /** @param {readonly Job[]} jobs */
  constructor(jobs) {
    for (const job of [...jobs].sort((one, other) => other.expectedMs - one.expectedMs)) {
      this.#waiting.set(job.suite, [...(this.#waiting.get(job.suite) ?? []), job]);
    }
  }

  /**
   * @param {unknown} lane
   * @param {(suite: string) => boolean} [isReady] whether jobs of a suite can start now
   * @returns {Job | undefined} undefined if no job is ready
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
   * Drops the jobs of a suite that have not started.
   *
   * @param {string} suite
   */
  drop(suite) {
    this.#waiting.delete(suite);
  }

  /**
   * Removes a lane from the schedule.
   *
   * @param {unknown} lane
   * @returns {undefined}
   */
  leave(lane) {
    this.#lanes.delete(lane);
  }

  /** Number of jobs that have not started. */
  get size() {
    return [...this.#waiting.values()].reduce((sum, jobs) => sum + jobs.length, 0);
  }

  /**
   * Returns the remaining milliseconds of a suite if this lane joined it.
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
