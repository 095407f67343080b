import os from "node:os";
import { isInterrupted, onInterrupt } from "../setup/interrupt.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { allOf, say } from "../setup/steps.mjs";
import { Lane } from "./lane.mjs";
import { failure, keepResults, merged } from "./results.mjs";
import { Schedule } from "./schedule.mjs";
import { suites } from "./suites.mjs";

/** @typedef {import("./results.mjs").Results} Results */
/** @typedef {import("./suites.mjs").Job} Job */

/** Run of suites on parallel lanes. */
class Run {
  /** @type {Map<string, Results[]>} */
  #results = new Map();
  /** Suites that are still being prepared. @type {Map<string, Promise<void>>} */
  #preparing = new Map();
  #ended = 0;

  /** @param {readonly Job[]} jobs */
  constructor(jobs) {
    this.jobs = jobs;
    this.schedule = new Schedule(jobs);
    const most = Number(process.env.IMAGE_BUILDERS_TEST_LANES ?? os.availableParallelism() + 1);
    this.lanes = Array.from({ length: Math.max(1, Math.min(most, jobs.length)) }, (_, index) => new Lane(index + 1));
    for (const { suite } of jobs) this.#results.set(suite, []);
  }

  /** @returns {Promise<Record<string, Results>>} results by suite */
  async run() {
    for (const suite of this.#results.keys()) this.#preparing.set(suite, this.#prepare(suite));
    await allOf(this.lanes.map((lane) => this.#work(lane)));
    return Object.fromEntries([...this.#results].map(([suite, results]) => [suite, merged(results)]));
  }

  async end() {
    await allOf(this.lanes.map((lane) => lane.end()));
  }

  /** @param {string} name */
  async #prepare(name) {
    await suites[name]?.prepare().catch((error) => this.#giveUp(name, error));
    this.#preparing.delete(name);
  }

  /**
   * Runs one job after another until none is left.
   *
   * @param {Lane} lane
   */
  async #work(lane) {
    while (!isInterrupted() && this.schedule.size > 0) {
      const job = this.schedule.next(lane, (suite) => !this.#preparing.has(suite));
      if (job) await this.#runJob(job, lane);
      else await Promise.race(this.#preparing.values());
    }
    this.schedule.leave(lane);
    await lane.endWorker();
  }

  /**
   * @param {Job} job
   * @param {Lane} lane
   */
  async #runJob(job, lane) {
    /** @type {(Buffer | string)[]} */
    const output = [];
    const isAlone = this.lanes.length === 1;
    const write = (/** @type {Buffer | string} */ chunk) =>
      void (isAlone ? process.stdout.write(chunk) : output.push(chunk));
    const startedAt = Date.now();
    try {
      await lane.provide(job.needs);
      if (isAlone) console.log(`\n== ${job.name}`);
      const results = await job.run(lane, write);
      this.#results.get(job.suite)?.push(results);
      // With MOCHA_GREP, most files have no results.
      const count = results.passed.length + results.failed.length;
      if (!isAlone && count > 0) process.stdout.write(`\n== ${job.name}\n${output.map(String).join("")}`);
      this.#tell(job, lane, results, Date.now() - startedAt);
    } catch (error) {
      this.#giveUp(job.suite, error);
    }
  }

  /**
   * @param {Job} job
   * @param {Lane} lane
   * @param {Results} results
   * @param {number} durationMs
   */
  #tell({ name }, lane, { passed, failed }, durationMs) {
    const counts = `${passed.length} passed${failed.length > 0 ? `, ${failed.length} FAILED` : ""}`;
    const seconds = (durationMs / 1000).toFixed(0);
    say(`lane ${lane.number}, ${++this.#ended} of ${this.jobs.length}: ${name}, ${counts} in ${seconds} s`);
  }

  /**
   * Records the error that prevents a suite from running as one failure.
   *
   * @param {string} suite
   * @param {unknown} error
   */
  #giveUp(suite, error) {
    if (isInterrupted()) return;
    this.schedule.drop(suite);
    console.error(`\n== ${suite} cannot run`, error instanceof SetUpError ? `\n${error.message}` : error);
    this.#results.get(suite)?.push(failure(`${suite} cannot run`));
  }
}

/**
 * Prepares suites, runs their jobs on parallel lanes, and saves the results.
 *
 * @param {readonly string[]} names names of suites
 * @param {readonly string[]} files test files below the repository; empty for all
 * @returns {Promise<Record<string, Results>>} results by suite
 */
export async function runSuites(names, files = []) {
  const jobs = await Promise.all(
    names.map(
      (name) =>
        suites[name]?.jobs(
          name,
          files.filter((file) => file.startsWith(`test/${name}/`)),
        ) ?? [],
    ),
  );
  const run = new Run(jobs.flat());
  onInterrupt(() => run.end());
  try {
    const results = await run.run();
    for (const [suite, each] of Object.entries(results)) {
      say(`${suite}: ${each.passed.length} passed, ${each.failed.length} failed`);
      // The results of a partial run are not enough to plan the next run.
      if (files.length === 0 && !process.env.MOCHA_GREP && !isInterrupted()) await keepResults(suite, each);
    }
    return results;
  } finally {
    await run.end();
  }
}
