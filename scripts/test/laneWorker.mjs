import { once } from "node:events";
import { stopProcess, identify } from "../setup/processes.mjs";
import { limit, OutputEnd, startChild } from "./child.mjs";
import { failure, takeResults } from "./results.mjs";
import { resultsFileOf } from "./runMocha.mjs";

/** @typedef {import("./child.mjs").Write} Write */

/** Process of `worker.mjs`, which runs one test file after another. */
export class LaneWorker {
  hasEnded = false;
  /** @type {Write} */
  #write;

  /**
   * @param {string} suite
   * @param {NodeJS.ProcessEnv} env
   * @param {Write} write
   */
  constructor(suite, env, write) {
    this.suite = suite;
    this.#write = write;
    const started = startChild(["--import", "./scripts/tsx.mjs", "scripts/test/worker.mjs"], {
      env,
      hasMessages: true,
      write: (chunk) => this.#write(chunk),
    });
    this.child = started.child;
    this.ended = started.ended.then((code) => {
      this.hasEnded = true;
      return code;
    });
  }

  /**
   * @param {string} suite
   * @param {NodeJS.ProcessEnv} env
   * @param {Write} write receives its output until a file runs
   */
  static async start(suite, env, write) {
    const worker = new LaneWorker(suite, env, write);
    await worker.#answer();
    return worker;
  }

  /**
   * Runs one test file to its end.
   *
   * @param {string} file
   * @param {{ limitMinutes: number, write: Write }} options
   * @returns {Promise<import("./results.mjs").Results>}
   */
  async run(file, { limitMinutes, write }) {
    const output = new OutputEnd();
    this.#write = (chunk) => {
      output.add(chunk);
      write(chunk);
    };
    if (this.hasEnded) return failure(`${file} could not be started`, { file });
    const resultsFile = resultsFileOf(file);
    const answered = this.#answer();
    this.child.send({ file, resultsFile, grep: process.env.MOCHA_GREP });
    const unlimited = limit(this.child, limitMinutes, () =>
      write(`\n${file} did not end within ${limitMinutes} minutes.\n`),
    );
    const endedWell = await answered;
    unlimited();
    return takeResults(resultsFile, { endedWell, title: file, output: output.text });
  }

  /** Lets the process end what it has kept between files, and ends it after 15 seconds. */
  async end() {
    if (!this.hasEnded) this.child.send("end", () => {}); // the process may end at this moment
    const { pid } = this.child;
    if (pid)
      await Promise.race([
        this.ended,
        new Promise((resolve) => setTimeout(resolve, 15_000).unref()).then(() => stopProcess(identify(pid))),
      ]);
  }

  /** Whether the process answers before it ends. */
  async #answer() {
    const giveUp = new AbortController();
    const answered = once(this.child, "message", { signal: giveUp.signal }).then(
      () => true,
      () => false,
    );
    const isThere = await Promise.race([answered, this.ended.then(() => false)]);
    giveUp.abort();
    return isThere;
  }
}
