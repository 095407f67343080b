import path from "node:path";
import { TestBed } from "../engines/testBed.mjs";
import { isInterrupted, onInterrupt } from "../setup/interrupt.mjs";
import { root } from "../setup/paths.mjs";
import { say } from "../setup/steps.mjs";
import { runMocha } from "./runMocha.mjs";

/** Engines on which the builds are tested. @type {readonly import("../engines/testBed.mjs").EngineChoice[]} */
const choices = [
  { release: "20" },
  { release: "26" },
  { release: "28" },
  { release: "26", containerdStore: true },
  { release: "28", containerdStore: true },
  { podman: true },
];

/**
 * Tests of features that depend on the engine. With Podman, only the first one runs, which falls back to the classic
 * builder.
 */
const fileNames = [
  "mainJob",
  "options",
  "failurePlaces",
  "warnings",
  "severalPlatforms",
  "exports",
  "secrets",
  "ssh",
  "endpointTls",
  "endpointSsh",
  "bytesSent",
  "changedFiles",
  "sameImage",
];

/** @typedef {{ passed: number, failed: number }} Tally */

/** @typedef {{ name: string, version: string, apiVersion: string } & Tally} Row */

/**
 * Runs the tests of builds on every engine, over its socket, TLS, and SSH, and prints a table.
 *
 * @returns {Promise<Tally>}
 */
export async function runMatrix() {
  /** @type {Row[]} */
  const rows = [];
  for (const choice of choices) if (!isInterrupted()) rows.push(await runOn(new TestBed(choice), filesFor(choice)));
  console.log("\n| engine | version | API | passed | failed |\n| --- | --- | --- | --: | --: |");
  for (const row of rows)
    console.log(`| ${row.name} | ${row.version} | ${row.apiVersion} | ${row.passed} | ${row.failed} |`);
  const sum = (/** @type {"passed" | "failed"} */ key) => rows.reduce((total, row) => total + row[key], 0);
  return { passed: sum("passed"), failed: sum("failed") };
}

/** @param {import("../engines/testBed.mjs").EngineChoice} choice */
function filesFor({ podman }) {
  return (podman ? fileNames.slice(0, 1) : fileNames).map((name) =>
    path.join(root, `test/integration/${name}.test.ts`),
  );
}

/**
 * @param {TestBed} bed
 * @param {readonly string[]} files
 * @returns {Promise<Row>}
 */
async function runOn(bed, files) {
  console.log(`\n== ${bed.name}`);
  const absent = { version: "did not start", apiVersion: "" };
  const wasUp = await bed.isUp();
  const end = async () => void (wasUp || (await bed.down()));
  const ignoreInterrupt = onInterrupt(end);
  try {
    await bed.up();
    const version = (await bed.engine.version()) ?? absent;
    const env = { ...bed.environment(), IMAGE_BUILDERS_TEST_ENGINE: bed.name };
    const { passed, failed } = await runMocha(`matrix-${bed.name}`, files, { env, limitMinutes: 15 });
    return { name: bed.name, ...version, passed: passed.length, failed: failed.length };
  } catch (error) {
    say(/** @type {Error} */ (error).message);
    return { name: bed.name, ...absent, passed: 0, failed: 1 };
  } finally {
    ignoreInterrupt();
    await end().catch((error) => say(`${bed.name} did not go down: ${error.message}`));
  }
}
