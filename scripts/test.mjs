import { TestBed } from "./engines/testBed.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { isInterrupted, onInterrupt } from "./setup/interrupt.mjs";
import { runMain, SetUpError } from "./setup/setUpError.mjs";
import { say } from "./setup/steps.mjs";
import { runMatrix } from "./test/matrix.mjs";
import { suites } from "./test/suites.mjs";

const usage = `node scripts/test.mjs [${Object.keys(suites).join("] [")}] | matrix

Sets up what the suites need and runs them, all by default. MOCHA_GREP picks tests by their titles.
VSCODE_EXECUTABLE=<program> or VSCODE_TEST_VERSION=stable runs the host suite in a desktop VS Code.`;

/**
 * Runs one suite; whatever keeps it from running counts as one failure.
 *
 * @param {string} name
 * @param {TestBed} bed
 * @returns {Promise<import("./test/runMocha.mjs").Tally>}
 */
async function runSuite(name, bed) {
  console.log(`\n== ${name}`);
  try {
    const suite = suites[name];
    if (!suite) throw new SetUpError(usage);
    if (suite.needsEngine) await bed.up();
    if (suite.needsPython) await bed.seedPython();
    await suite.prepare();
    const tally = await suite.run(suite.needsEngine ? bed.environment() : {});
    say(`${name}: ${tally.passed} passed, ${tally.failed} failed`);
    return tally;
  } catch (error) {
    console.error(error instanceof SetUpError ? `\n${error.message}` : error);
    return { passed: 0, failed: 1 };
  }
}

/** @param {readonly string[]} names */
async function runSuites(names) {
  const bed = new TestBed();
  const wasUp = await bed.isUp();
  const end = async () => void (wasUp || (await bed.down()));
  onInterrupt(end);
  const total = { passed: 0, failed: 0 };
  try {
    for (const name of names) {
      if (isInterrupted()) break;
      const tally = await runSuite(name, bed);
      total.passed += tally.passed;
      total.failed += tally.failed;
    }
  } finally {
    await end();
  }
  return total;
}

await runMain(async () => {
  const wanted = process.argv.slice(2);
  if (wanted.some((name) => name !== "matrix" && !(name in suites))) throw new SetUpError(usage);
  await ensureDependencies();
  const { passed, failed } = wanted.includes("matrix") ? await runMatrix() : await runSuites(wanted.length > 0 ? wanted : Object.keys(suites));
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});
