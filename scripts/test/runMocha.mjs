import os from "node:os";
import path from "node:path";
import { root } from "../setup/paths.mjs";
import { limit, OutputEnd, startChild } from "./child.mjs";
import { takeResults } from "./results.mjs";

/** Reporter of mocha for every suite. */
export const reporter = path.join(root, "test/support/resultsReporter.ts");

/**
 * Returns the path of a run's results file, which is different for each parallel run.
 *
 * @param {string} name
 */
export function resultsFileOf(name) {
  return path.join(os.tmpdir(), `image-builders-results-${name.replaceAll(/\W+/g, "-")}-${process.pid}.json`);
}

/**
 * Runs test files in plain mocha.
 *
 * @param {string} suite
 * @param {readonly string[]} patterns
 * @param {object} options
 * @param {number} options.limitMinutes
 * @param {number} [options.jobs] number of files that run in parallel, each in a separate process; output is printed
 * file by file
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.grep]
 * @param {import("./child.mjs").Write} [options.write]
 * @returns {Promise<import("./results.mjs").Results>}
 */
export async function runMocha(
  suite,
  patterns,
  { limitMinutes, jobs = 1, env, grep = process.env.MOCHA_GREP, write = (chunk) => process.stdout.write(chunk) },
) {
  const resultsFile = resultsFileOf(suite);
  const parallel = jobs > 1 ? ["--parallel", "--jobs", String(jobs)] : [];
  const args = [
    "--import",
    "./scripts/tsx.mjs",
    "node_modules/mocha/bin/_mocha",
    "--reporter",
    reporter,
    ...parallel,
    ...(grep ? ["--grep", grep] : []),
    ...patterns,
  ];
  const output = new OutputEnd();
  const { child, ended } = startChild(args, {
    env: { ...env, IMAGE_BUILDERS_TEST_RESULTS: resultsFile },
    write: (chunk) => {
      output.add(chunk);
      write(chunk);
    },
  });
  const unlimited = limit(child, limitMinutes, () =>
    write(`\nThe suite ${suite} did not end within ${limitMinutes} minutes.\n`),
  );
  const code = await ended;
  unlimited();
  return takeResults(resultsFile, { endedWell: code === 0, title: suite, output: output.text });
}
