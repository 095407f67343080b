import { chmod, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { endRemains, unmountBelow } from "../engines/remains.mjs";
import { TestBed } from "../engines/testBed.mjs";
import { LaneWorker } from "./laneWorker.mjs";

/** @typedef {import("./child.mjs").Write} Write */

/**
 * Requirements of a job.
 *
 * @typedef {object} Needs
 * @property {boolean} [engine]
 * @property {boolean} [newest] whether it also requires an engine of the newest release
 * @property {boolean} [python] whether it requires an image with Python
 */

/**
 * Runs one job at a time, in parallel with other lanes, with its own test bed, folder for temporary files, and mocha.
 */
export class Lane {
  #bed;
  #newest;
  /** Test beds that this lane has started. @type {Set<TestBed>} */
  #started = new Set();
  /** @type {string | undefined} */
  #folder;
  /** @type {LaneWorker | undefined} */
  #worker;

  /** @param {number} number number from 1; the first lane has the test bed of `node scripts/engines.mjs up` */
  constructor(number) {
    this.number = number;
    this.#bed = new TestBed({ lane: number });
    this.#newest = new TestBed({ release: "28", lane: number });
  }

  /**
   * Starts what a job requires.
   *
   * @param {Needs} needs
   */
  async provide({ engine, newest, python }) {
    if (engine) await this.#start(this.#bed);
    if (newest) await this.#start(this.#newest);
    if (python) await this.#bed.seedPython();
  }

  /**
   * Returns the environment variables of the programs that run a job.
   *
   * @param {Needs} needs
   */
  async environment({ engine }) {
    this.#folder ??= await makeFolder(`ib-lane-${this.number}-`);
    return {
      ...(engine ? this.#bed.environment() : {}),
      IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST: this.#newest.engine.dockerHost,
      IMAGE_BUILDERS_TEST_TMPDIR: this.#folder,
    };
  }

  /**
   * Runs a test file in this lane's mocha, which is kept for other files of the same suite.
   *
   * @param {string} suite
   * @param {string} file path below the repository
   * @param {{ needs: Needs, limitMinutes: number, write: Write }} options
   * @returns {Promise<import("./results.mjs").Results>}
   */
  async runFile(suite, file, { needs, limitMinutes, write }) {
    if (this.#worker && (this.#worker.suite !== suite || this.#worker.hasEnded)) await this.endWorker();
    this.#worker ??= await LaneWorker.start(suite, await this.environment(needs), write);
    return this.#worker.run(file, { limitMinutes, write });
  }

  /** Ends this lane's mocha and everything that it has kept for the next file. */
  async endWorker() {
    await this.#worker?.end();
    this.#worker = undefined;
  }

  /** Ends everything in this lane, in any state, except a test bed that was already running. */
  async end() {
    await this.endWorker();
    for (const bed of this.#started) await bed.down();
    if (!this.#folder) return;
    if (process.platform === "linux") await this.#clearFolder(this.#folder);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** @param {TestBed} bed */
  async #start(bed) {
    if (!(await bed.isUp())) this.#started.add(bed);
    await bed.up();
  }

  /**
   * Ends the daemons that a killed test has left.
   *
   * @param {string} folder
   */
  async #clearFolder(folder) {
    await endRemains([folder]);
    await unmountBelow([folder]);
  }
}

/** @param {string} prefix */
async function makeFolder(prefix) {
  const folder = await mkdtemp(path.join(os.tmpdir(), prefix));
  // Some tests check what another user can do in their folders.
  await chmod(folder, 0o755);
  return folder;
}
