import { readFile } from "node:fs/promises";
import path from "node:path";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { cache, root } from "./setup/paths.mjs";
import { runMain, SetUpError } from "./setup/setUpError.mjs";
import { endOf, say } from "./setup/steps.mjs";
import { bundleTests } from "./windows/bundleTests.mjs";
import { countByReason, isPosixOnly, unusedPatterns } from "./windows/posixOnly.mjs";
import { ensureWindowsNode, runOnWindows, windowsPath } from "./windows/wine.mjs";

const usage = `node scripts/windows.mjs [file.test.ts…]

Runs the unit tests with Node for Windows under Wine, all by default, and prints how many passed.`;

/** Limit for a run that hangs; a run takes minutes on an idle machine, and several times as long on a busy one. */
const limitMinutes = 90;

/** @param {readonly string[]} wanted */
async function runUnitTests(wanted) {
  const node = await ensureWindowsNode();
  const target = path.join(cache, "windows", "tests");
  const all = await bundleTests(target);
  const named = wanted.map((file) =>
    path.join(target, path.relative(root, path.resolve(file)).replace(/\.ts$/, ".js")),
  );
  const unknown = named.find((file) => !all.includes(file));
  if (unknown) throw new SetUpError(`${path.relative(target, unknown)} is not a unit test.\n\n${usage}`);
  say(`bundled ${all.length} test files`);

  const results = path.join(target, "results.json");
  const output = path.join(target, "output.txt");
  const mocha = path.join(root, "node_modules/mocha/bin/_mocha");
  const options = [
    "--no-config",
    "--exit",
    "--timeout",
    "120000",
    "--reporter",
    windowsPath(path.join(target, "reporter.js")),
  ];
  const { MOCHA_GREP: grep } = process.env;
  if (grep) options.push("--grep", grep);
  const files = named.length > 0 ? named : all;
  await runOnWindows([node, windowsPath(mocha), ...options, ...files.map(windowsPath)], {
    output,
    cwd: root,
    env: { IMAGE_BUILDERS_TEST_RESULTS: windowsPath(results), IMAGE_BUILDERS_TEST_PROGRAMS: windowsPath(target) },
    limitMinutes,
  });
  const text = await readFile(results, "utf8").catch(() => undefined);
  if (text === undefined)
    throw new SetUpError(`The tests left no results. The end of what they printed:\n${await endOf(output, 30)}`);
  const { passed, failed } = JSON.parse(text);
  const titlesOf = (/** @type {readonly { title: string }[]} */ tests) => tests.map(({ title }) => title);
  return { passed: titlesOf(passed), failed: titlesOf(failed), output, isWhole: named.length === 0 && !grep };
}

await runMain(async () => {
  await ensureDependencies();
  const { passed, failed, output, isWhole } = await runUnitTests(process.argv.slice(2));
  const bad = failed.filter((title) => !isPosixOnly(title));
  // A pattern that hides nothing is out of date.
  const unused = isWhole ? unusedPatterns(failed) : [];
  if (bad.length > 0) console.log(await readFile(output, "utf8"));
  for (const [reason, count] of countByReason(failed)) console.log(`${String(count).padStart(4)} left out: ${reason}`);
  for (const pattern of unused) console.log(`Out of date in scripts/windows/posixOnly.mjs: ${pattern}`);
  for (const title of bad) console.log(`Failed: ${title}`);
  console.log(
    `\n${passed.length} passed, ${bad.length + unused.length} failed, ${failed.length - bad.length} POSIX only`,
  );
  return bad.length + unused.length > 0 ? 1 : 0;
});
