import { appendFileSync, writeFileSync } from "node:fs";
import { format } from "node:util";
import Mocha from "mocha";

/**
 * Mocha's spec reporter that also writes `IMAGE_BUILDERS_TEST_RESULTS`, a JSON file of the titles that passed and failed.
 * Inside an extension host nobody sees standard output, so there it prints to the file `IMAGE_BUILDERS_TEST_OUTPUT`.
 */
class ResultsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    const output = process.env.IMAGE_BUILDERS_TEST_OUTPUT;
    if (output) Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(output, `${format(...args)}\n`);
    super(runner, options);
    const passed: string[] = [];
    const failed: string[] = [];
    runner.on("pass", (test) => passed.push(test.fullTitle()));
    runner.on("fail", (test) => failed.push(test.fullTitle()));
    process.once("SIGINT", () => {
      runner.abort();
      // Thrown past everything it fails the running test at once, so that the hooks which end what tests started still run.
      throw new Error("The run was interrupted.");
    });
    runner.once("end", () => {
      const file = process.env.IMAGE_BUILDERS_TEST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify({ passed, failed }, undefined, 2));
    });
  }
}

export = ResultsReporter;
