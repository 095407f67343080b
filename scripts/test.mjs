import { ensureDependencies } from "./setup/dependencies.mjs";
import { runMain, SetUpError } from "./setup/setUpError.mjs";
import { runMatrix } from "./test/matrix.mjs";
import { failures, slowest } from "./test/results.mjs";
import { runSuites } from "./test/runSuites.mjs";
import { suites } from "./test/suites.mjs";

const usage = `node scripts/test.mjs [${Object.keys(suites).join("] [")}] [--thorough] | matrix
node scripts/test.mjs test/ui/browse.test.ts ...

Sets up what the suites need and runs them side by side, all by default; or single files of unit, integration and ui.
MOCHA_GREP picks tests by their titles.
--thorough tries ten times as many random cases, and takes pictures in both themes.
IMAGE_BUILDERS_TEST_LANES=N runs N files at a time, by default one more than there are processors.
VSCODE_EXECUTABLE=<program> or VSCODE_TEST_VERSION=stable runs the host suite in a desktop VS Code.`;

/** Number of slowest tests to print at the end. */
const toldCount = 20;

/** Test files have the name of their suite as the first folder below `test`. */
const isFile = (/** @type {string} */ name) => /^test\/(unit|integration|ui)\/.*\.test\.ts$/.test(name);

/** @param {readonly string[]} wanted */
async function runTests(wanted) {
  const files = wanted.filter(isFile);
  const named = [...wanted.filter((name) => !isFile(name)), ...files.map((file) => file.split("/")[1] ?? "")];
  const results = await runSuites(named.length > 0 ? [...new Set(named)] : Object.keys(suites), files);
  console.log(`\nThe slowest tests:\n${slowest(results, toldCount).join("\n")}`);
  // Of a long output, often only the end is kept.
  const failed = failures(results);
  if (failed.length > 0) console.log(`\nThe tests that failed:\n${failed.join("\n")}`);
  const count = (/** @type {"passed" | "failed"} */ key) =>
    Object.values(results).reduce((sum, each) => sum + each[key].length, 0);
  return { passed: count("passed"), failed: count("failed") };
}

await runMain(async () => {
  const isThorough = process.argv.includes("--thorough");
  if (isThorough) process.env.IMAGE_BUILDERS_THOROUGH = "1";
  const wanted = process.argv.slice(2).filter((name) => name !== "--thorough");
  if (wanted.some((name) => name !== "matrix" && !(name in suites) && !isFile(name))) throw new SetUpError(usage);
  await ensureDependencies();
  const { passed, failed } = wanted.includes("matrix") ? await runMatrix() : await runTests(wanted);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
