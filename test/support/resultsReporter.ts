import { appendFileSync, writeFileSync } from "node:fs";
import { format } from "node:util";
import Mocha from "mocha";

/** One test, or one hook that failed or took a while, as the results file has it. */
interface Result {
  readonly title: string;
  /** Such as `unit/tagTemplate.test.ts`. */
  readonly file: string;
  readonly durationMs: number;
  /** Of a failure: the error with its stack. */
  readonly error?: string;
}

/** What the types of mocha leave out. */
interface ParallelRunner extends Mocha.Runner {
  isParallelMode(): boolean;
}

/** Hooks shorter than this are not listed. */
const longHookMs = 500;

/**
 * Mocha's spec reporter that also writes `IMAGE_BUILDERS_TEST_RESULTS`: a JSON file of the tests that passed and
 * failed, of the hooks that took long, and of how long each file took, hooks included.
 * Inside an extension host nobody sees standard output, so there it prints to the file `IMAGE_BUILDERS_TEST_OUTPUT`.
 */
class ResultsReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    const output = process.env.IMAGE_BUILDERS_TEST_OUTPUT;
    if (output)
      Mocha.reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(output, `${format(...args)}\n`);
    super(runner, options);
    const passed: Result[] = [];
    const failed: Result[] = [];
    const hooks: Result[] = [];
    const files: Record<string, number> = {};
    const count = (runnable: Mocha.Runnable): Result => {
      const result = { title: runnable.fullTitle(), file: fileOf(runnable), durationMs: runnable.duration ?? 0 };
      files[result.file] = (files[result.file] ?? 0) + result.durationMs;
      return result;
    };
    runner.on("pass", (test) => passed.push(count(test)));
    // A hook that fails is reported as a failed test is.
    runner.on("fail", (test, error: Error) => failed.push({ ...count(test), error: error.stack ?? String(error) }));
    runner.on("hook end", (hook) => {
      const result = count(hook);
      if (result.durationMs >= longHookMs) hooks.push(result);
    });
    const interrupt = (): void => {
      runner.abort();
      // Thrown past everything it fails the running test at once: the hooks that end what tests started still run.
      throw new Error("The run was interrupted.");
    };
    // Where mocha has several processes, it ends them itself.
    if (!(runner as ParallelRunner).isParallelMode()) process.once("SIGINT", interrupt);
    runner.once("end", () => process.off("SIGINT", interrupt));
    runner.once("end", () => {
      const file = process.env.IMAGE_BUILDERS_TEST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify({ passed, failed, hooks, files }, undefined, 2));
    });
  }
}

/** The host suite is bundled, so its files are found by what is the same in both places. */
function fileOf({ file = "" }: Mocha.Runnable): string {
  return file
    .replaceAll("\\", "/")
    .replace(/^.*\/test\//, "")
    .replace(/\.js$/, ".ts");
}

export = ResultsReporter;
