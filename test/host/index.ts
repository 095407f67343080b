import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import ResultsReporter from "../support/resultsReporter";
import { volume } from "../support/volume";

/**
 * Takes most of the suite's time and meets nothing of VS Code's API that the other files don't, so the oldest VS Code
 * runs it only in a thorough run.
 */
const ofNewest: ReadonlySet<string> = new Set([
  "addedBuilders.test.js",
  "browse.test.js",
  "createdFiles.test.js",
  "dockerfileChecks.test.js",
  "findings.test.js",
  "foreignPaths.test.js",
  "gitHubLogin.test.js",
  "guards.test.js",
  "hostileArguments.test.js",
  "imageFaults.test.js",
  "manySpecs.test.js",
  "oddSettings.test.js",
  "outsideFiles.test.js",
  "pushExistingImage.test.js",
  "refusals.test.js",
  "runImage.test.js",
  "trustedContexts.test.js",
  "trustedSources.test.js",
]);
const none: ReadonlySet<string> = new Set();

/**
 * Runs the host suite; VS Code calls it inside its extension host, as `extensionTestsPath` names this module.
 *
 * @throws Error when a test fails, so that VS Code ends with an exit code
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: "bdd",
    color: false,
    timeout: 300_000,
    forbidOnly: true,
    forbidPending: true,
    reporter: ResultsReporter,
    ...(process.env.MOCHA_GREP ? { grep: process.env.MOCHA_GREP } : {}),
  });
  const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".test.js"),
  );
  const leftOut = process.env["IMAGE_BUILDERS_CODE_HOST"] === "oldest" ? volume(ofNewest, none) : none;
  for (const file of files.sort()) if (!leftOut.has(file)) mocha.addFile(join(__dirname, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
