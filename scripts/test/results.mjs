import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../setup/paths.mjs";

/**
 * Test or hook with its duration and, if it failed, its error with the stack.
 *
 * @typedef {{ title: string, file: string, durationMs: number, error?: string }} Result
 */

/**
 * Results of a run, as written by `test/support/resultsReporter.ts`. `hooks` contains only slow ones; `files` contains
 * milliseconds.
 *
 * @typedef {object} Results
 * @property {readonly Result[]} passed
 * @property {readonly Result[]} failed
 * @property {readonly Result[]} hooks
 * @property {Readonly<Record<string, number>>} files
 */

/** Number of lines of an error that the list of failures contains. */
const toldErrorLines = 15;

/** @type {Results} */
export const noResults = { passed: [], failed: [], hooks: [], files: {} };

/**
 * Returns the results of a run without countable results, as one failure.
 *
 * @param {string} title what failed
 * @param {{ file?: string, output?: string }} [run] `output` is the end of what it printed
 * @returns {Results}
 */
export function failure(title, { file = "", output } = {}) {
  return { ...noResults, failed: [{ title, file, durationMs: 0, ...(output ? { error: output } : {}) }] };
}

/**
 * Reads and deletes the results file of a run. A run without a file, or with a bad exit code, has at least one failure.
 *
 * @param {string} file
 * @param {{ endedWell: boolean, title: string, output?: string }} run `endedWell` is whether its exit code means
 * success; `output` is the end of what it printed
 * @returns {Promise<Results>}
 */
export async function takeResults(file, { endedWell, title, output }) {
  const text = await readFile(file, "utf8").catch(() => undefined);
  await rm(file, { force: true });
  if (text === undefined) return failure(`${title} left no results`, { output });
  /** @type {Results} */
  const results = JSON.parse(text);
  return endedWell || results.failed.length > 0
    ? results
    : merged([results, failure(`${title} ended badly`, { output })]);
}

/**
 * @param {readonly Results[]} all
 * @returns {Results}
 */
export function merged(all) {
  return {
    passed: all.flatMap(({ passed }) => passed),
    failed: all.flatMap(({ failed }) => failed),
    hooks: all.flatMap(({ hooks }) => hooks),
    files: Object.assign({}, ...all.map(({ files }) => files)),
  };
}

/**
 * Saves a suite's results as `test-results/<suite>.json`.
 *
 * @param {string} suite
 * @param {Results} results
 */
export async function keepResults(suite, results) {
  await mkdir(path.join(root, "test-results"), { recursive: true });
  await writeFile(keptFile(suite), JSON.stringify(results, undefined, 2));
}

/**
 * Returns the milliseconds per file of a suite's last run; empty if none was saved.
 *
 * @param {string} suite
 * @returns {Promise<Readonly<Record<string, number>>>}
 */
export async function lastDurations(suite) {
  const text = await readFile(keptFile(suite), "utf8").catch(() => "{}");
  return JSON.parse(text).files ?? {};
}

/**
 * Lists the slowest tests and hooks, one per line.
 *
 * @param {Readonly<Record<string, Results>>} suites results by suite
 * @param {number} count
 */
export function slowest(suites, count) {
  const all = Object.entries(suites).flatMap(([suite, { passed, failed, hooks }]) =>
    [...passed, ...failed, ...hooks].map((each) => ({ suite, ...each })),
  );
  const chosen = all.sort((one, other) => other.durationMs - one.durationMs).slice(0, count);
  return chosen.map(
    ({ suite, title, durationMs }) => `${(durationMs / 1000).toFixed(1).padStart(7)} s  ${suite}: ${title}`,
  );
}

/**
 * Lists the failed tests and hooks with the first lines of their errors.
 *
 * @param {Readonly<Record<string, Results>>} suites results by suite
 */
export function failures(suites) {
  return Object.entries(suites).flatMap(([suite, { failed }]) =>
    failed.map(({ title, file, error = "" }) => {
      const lines = error.split("\n").slice(0, toldErrorLines);
      return [`${suite}: ${title} (${file})`, ...lines.map((line) => `      ${line}`)].join("\n");
    }),
  );
}

/** @param {string} suite */
function keptFile(suite) {
  return path.join(root, "test-results", `${suite}.json`);
}
