import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { root } from "../setup/paths.mjs";

/**
 * How a suite ended; one that left no results, or ended badly after them, has at least one failure.
 *
 * @typedef {{ passed: number, failed: number }} Tally
 */

/** Mocha's reporter for every suite. */
export const reporter = path.join(root, "test/support/resultsReporter.ts");

/**
 * An absent file for a suite's results.
 *
 * @param {string} suite
 */
export async function freshResultsFile(suite) {
  const file = path.join(root, "test-results", `${suite}.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  return file;
}

/**
 * @param {string} resultsFile
 * @param {boolean} endedWell whether the program said so by its exit code
 * @returns {Promise<Tally>}
 */
export async function tallyOf(resultsFile, endedWell) {
  const text = await readFile(resultsFile, "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1 };
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
  const results = await freshResultsFile(suite);
  const args = ["--import", "tsx", "node_modules/mocha/bin/_mocha", "--reporter", reporter, ...(grep ? ["--grep", grep] : []), ...patterns];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env, IMAGE_BUILDERS_TEST_RESULTS: results },
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
  return tallyOf(results, code === 0);
}
