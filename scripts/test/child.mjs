import { spawn } from "node:child_process";
import { root } from "../setup/paths.mjs";
import { withParent } from "../setup/processes.mjs";

/** Time in milliseconds that a program has to end after a signal. */
const graceMs = 15_000;

const keptCharacters = 16_384;
const keptLines = 15;

/**
 * Receives the output of a run.
 *
 * @typedef {(chunk: Buffer | string) => void} Write
 */

/**
 * Starts one of our programs that run tests, and passes its output to `write`. On SIGINT, the program ends what its
 * tests have started.
 *
 * @param {readonly string[]} args arguments of Node
 * @param {{ env?: NodeJS.ProcessEnv, write: Write, hasMessages?: boolean }} options
 */
export function startChild(args, { env, write, hasMessages = false }) {
  const [program = "", ...rest] = [...withParent("INT"), process.execPath, ...args];
  const child = spawn(program, rest, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe", ...(hasMessages ? [/** @type {const} */ ("ipc")] : [])],
    env: { ...process.env, ...env },
  });
  child.stdout?.on("data", write);
  child.stderr?.on("data", write);
  const ended = new Promise((resolve) => child.once("close", (code, signal) => resolve(code ?? signal)));
  return { child, ended: /** @type {Promise<number | NodeJS.Signals | null>} */ (ended) };
}

/** End of a run's output, as the cause of a run that leaves no results. */
export class OutputEnd {
  #text = "";

  /** Last lines of the output. */
  get text() {
    return this.#text.trimEnd().split("\n").slice(-keptLines).join("\n");
  }

  /** @param {Buffer | string} chunk */
  add(chunk) {
    this.#text = (this.#text + chunk.toString()).slice(-keptCharacters);
  }
}

/**
 * Ends a program that takes too long, first with time for the hooks that end what its tests started.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} minutes
 * @param {() => void} say called when the limit is reached
 * @returns {() => void} removes the limit
 */
export function limit(child, minutes, say) {
  let kill = /** @type {NodeJS.Timeout | undefined} */ (undefined);
  const timer = setTimeout(() => {
    say();
    child.kill("SIGINT");
    kill = setTimeout(() => child.kill("SIGKILL"), graceMs);
  }, minutes * 60_000);
  return () => {
    clearTimeout(timer);
    clearTimeout(kill);
  };
}
