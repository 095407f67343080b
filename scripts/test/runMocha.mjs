import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { root } from "../setup/paths.mjs";
import { withParent } from "../setup/processes.mjs";

/**
 * How a suite ended; one that left no results, or ended badly after them, has at least one failure.
 *
 * @typedef {{ passed: number, failed: number }} Tally
 */

/** Mocha's reporter for every suite. */
export const reporter = path.join(root, "test/support/resultsReporter.ts");

/**
 * Where a run of a suite is to leave its results; runs side by side have a file each.
 *
 * @param {string} suite
 */
export function resultsFileOf(suite) {
  return path.join(os.tmpdir(), `image-builders-results-${suite}-${process.pid}.json`);
}

/**
 * Counts a suite's results and keeps them as `test-results/<suite>.json`.
 *
 * @param {string} suite
 * @param {boolean} endedWell whether the program said so by its exit code
 * @returns {Promise<Tally>}
 */
export async function tallyOf(suite, endedWell) {
  const text = await readFile(resultsFileOf(suite), "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1 };
  await rm(resultsFileOf(suite));
  await mkdir(path.join(root, "test-results"), { recursive: true });
  await writeFile(path.join(root, "test-results", `${suite}.json`), text);
  const { passed, failed } = JSON.parse(text);
  return { passed: passed.length, failed: Math.max(failed.length, endedWell ? 0 : 1) };
}

/**
 * Runs test files in plain mocha, its output on ours.
 *
 * @param {string} suite
 * @param {readonly string[]} patterns
 * @param {{ env?: NodeJS.ProcessEnv, limitMinutes: number, grep?: string }} options
 * @returns {Promise<Tally>}
 */
export async function runMocha(suite, patterns, { env = {}, limitMinutes, grep = process.env.MOCHA_GREP }) {
  const mocha = [process.execPath, "--import", "./scripts/tsx.mjs", "node_modules/mocha/bin/_mocha", "--reporter", reporter, ...(grep ? ["--grep", grep] : []), ...patterns];
  const [program = "", ...args] = [...withParent("INT"), ...mocha];
  const child = spawn(program, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env, IMAGE_BUILDERS_TEST_RESULTS: resultsFileOf(suite) },
  });
  const stop = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
  const limit = setTimeout(() => {
    console.error(`\nThe suite ${suite} did not end within ${limitMinutes} minutes.`);
    // On SIGINT mocha still runs the hooks that end what the tests started.
    stop("SIGINT");
    setTimeout(stop, 15_000, "SIGKILL").unref();
  }, limitMinutes * 60_000);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(limit);
  return tallyOf(suite, code === 0);
}
