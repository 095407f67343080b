import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { root } from "../setup/paths.mjs";

/**
 * One test or hook, and how long it took.
 *
 * @typedef {{ title: string, file: string, durationMs: number }} Result
 */

/**
 * The results of a run, as `test/support/resultsReporter.ts` writes them; `hooks` are those that took long, `files` are
 * milliseconds.
 *
 * @typedef {object} Results
 * @property {readonly Result[]} passed
 * @property {readonly Result[]} failed
 * @property {readonly Result[]} hooks
 * @property {Readonly<Record<string, number>>} files
 */

/** @type {Results} */
export const noResults = { passed: [], failed: [], hooks: [], files: {} };

/**
 * A run that could not be counted, which is one failure.
 *
 * @param {string} title what failed
 * @param {string} [file]
 * @returns {Results}
 */
export function failure(title, file = "") {
  return { ...noResults, failed: [{ title, file, durationMs: 0 }] };
}

/**
 * Takes the file that a run has left; a run that left none, or ended badly after it, has at least one failure.
 *
 * @param {string} file
 * @param {{ endedWell: boolean, title: string }} run `endedWell` is what its exit code says
 * @returns {Promise<Results>}
 */
export async function takeResults(file, { endedWell, title }) {
  const text = await readFile(file, "utf8").catch(() => undefined);
  await rm(file, { force: true });
  if (text === undefined) return failure(`${title} left no results`);
  /** @type {Results} */
  const results = JSON.parse(text);
  return endedWell || results.failed.length > 0 ? results : merged([results, failure(`${title} ended badly`)]);
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
 * Keeps a suite's results as `test-results/<suite>.json`.
 *
 * @param {string} suite
 * @param {Results} results
 */
export async function keepResults(suite, results) {
  await mkdir(path.join(root, "test-results"), { recursive: true });
  await writeFile(keptFile(suite), JSON.stringify(results, undefined, 2));
}

/**
 * Milliseconds per file of a suite's last run; empty where none was kept.
 *
 * @param {string} suite
 * @returns {Promise<Readonly<Record<string, number>>>}
 */
export async function lastDurations(suite) {
  const text = await readFile(keptFile(suite), "utf8").catch(() => "{}");
  return JSON.parse(text).files ?? {};
}

/**
 * The slowest tests and hooks, one a line.
 *
 * @param {Readonly<Record<string, Results>>} suites by name
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

/** @param {string} suite */
function keptFile(suite) {
  return path.join(root, "test-results", `${suite}.json`);
}
