import { rm } from "node:fs/promises";
import path from "node:path";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { root } from "./setup/paths.mjs";
import { runMain, SetUpError } from "./setup/setUpError.mjs";
import { startChild } from "./test/child.mjs";
import { runSuites } from "./test/runSuites.mjs";

const usage = `node scripts/coverage.mjs [unit] [integration]

Runs these suites, both by default, and prints a table of the lines of the core that they ran.`;

const measured = ["unit", "integration"];

await runMain(async () => {
  const wanted = process.argv.slice(2);
  if (wanted.some((name) => !measured.includes(name))) throw new SetUpError(usage);
  await ensureDependencies();
  const folder = path.join(root, "test-results/coverage");
  await rm(folder, { recursive: true, force: true });
  // Each Node that starts from here on writes there what it ran, threads and processes of image modules included.
  process.env.NODE_V8_COVERAGE = path.join(folder, "v8");
  const results = await runSuites(wanted.length > 0 ? wanted : measured);
  delete process.env.NODE_V8_COVERAGE;
  await report(folder);
  const failed = Object.values(results).reduce((sum, each) => sum + each.failed.length, 0);
  if (failed > 0) console.log(`\n${failed} failed, so the table tells too little.`);
  return failed > 0 ? 1 : 0;
});

/** @param {string} folder */
async function report(folder) {
  // What runs in VS Code or in a browser is not measured.
  const files = ["--all", "--src", "src/core", "--include", "src/core/**/*.ts", "--exclude-after-remap"];
  const output = ["--reporter", "text", "--reports-dir", folder];
  const args = [
    "node_modules/c8/bin/c8.js",
    "report",
    "--temp-directory",
    path.join(folder, "v8"),
    "--merge-async",
    ...output,
    ...files,
  ];
  const { ended } = startChild(args, { write: (chunk) => void process.stdout.write(chunk) });
  const code = await ended;
  if (code !== 0) throw new SetUpError(`c8 ended with ${code}.`);
}
