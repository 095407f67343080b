// Runs test files in mocha, one at a time as its parent requests, so that slow programs (TypeScript's modules, VS Code)
// start only once.
import path from "node:path";
import Mocha from "mocha";
import { readFile } from "node:fs/promises";
import { root } from "../setup/paths.mjs";
import { mochaGlobalTeardown, mochaHooks } from "../../test/support/mochaHooks";
import ResultsReporter from "../../test/support/resultsReporter";

/**
 * Test file to run, and the path for its results.
 *
 * @typedef {{ file: string, resultsFile: string, grep?: string }} Request
 */

const {
  timeout,
  "forbid-only": forbidOnly,
  "forbid-pending": forbidPending,
} = JSON.parse(await readFile(path.join(root, ".mocharc.json"), "utf8"));

let isRunning = false;
let isInterrupted = false;
process.on("SIGINT", () => {
  isInterrupted = true;
  if (!isRunning) void end(130);
});

/** @param {Request} request */
async function run({ file, resultsFile, grep }) {
  process.env.IMAGE_BUILDERS_TEST_RESULTS = resultsFile;
  const mocha = new Mocha({
    ui: "bdd",
    timeout,
    forbidOnly,
    forbidPending,
    reporter: ResultsReporter,
    rootHooks: mochaHooks,
    ...(grep ? { grep } : {}),
  });
  mocha.addFile(path.join(root, file));
  await mocha.loadFilesAsync();
  await new Promise((resolve) => mocha.run(resolve));
  mocha.dispose();
}

/** @param {number} code */
async function end(code) {
  await mochaGlobalTeardown();
  process.exit(code);
}

process.on("message", async (/** @type {Request | "end"} */ request) => {
  if (request === "end") return end(0);
  isRunning = true;
  await run(request);
  isRunning = false;
  if (isInterrupted) return end(130);
  process.send?.("ended");
});
process.on("disconnect", () => void end(1));
process.send?.("ready");
