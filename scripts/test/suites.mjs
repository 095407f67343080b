import { readdir, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ensureBrowser } from "../codeHost/browser.mjs";
import { ensureCodeHost } from "../codeHost/install.mjs";
import { packageExtension, packageSampleExtension } from "../setup/bundle.mjs";
import { root } from "../setup/paths.mjs";
import { prepareHostSuite, startHostSuite } from "./hostSuite.mjs";
import { lastDurations } from "./results.mjs";
import { runMocha } from "./runMocha.mjs";

/** @typedef {import("./child.mjs").Write} Write */
/** @typedef {import("./lane.mjs").Lane} Lane */

/**
 * Part of a suite that one lane runs independently.
 *
 * @typedef {object} Job
 * @property {string} suite
 * @property {string} name such as `ui/browse.test.ts`
 * @property {number} expectedMs
 * @property {import("./lane.mjs").Needs} needs
 * @property {(lane: Lane, write: Write) => Promise<import("./results.mjs").Results>} run
 */

/**
 * Suite with its preparation and jobs.
 *
 * @typedef {object} Suite
 * @property {() => Promise<void>} prepare runs once, in parallel with everything else
 * @property {(name: string, files: readonly string[]) => Promise<readonly Job[]>} jobs returns jobs of the given files,
 * or of all
 */

const nothing = async () => {};

/** Test files of features that older engines don't have. */
const onNewest = new Set([
  "integration/addressLogins.test.ts",
  "integration/dockerSettings.test.ts",
  "integration/dockerfileChecks.test.ts",
  "integration/embedded.test.ts",
  "integration/namedContexts.test.ts",
  "integration/whyNotCached.test.ts",
  "ui/canaries.test.ts",
  "ui/dockerfileEditing.test.ts",
  "ui/restrictedMode.test.ts",
]);

/** Estimates for a first run in milliseconds, measured on two cores with three lanes. */
const firstGuess = { unit: 200_000, host: 600_000, perByte: { integration: 3, ui: 8 } };

/**
 * Creates a suite whose files run separately on any lane.
 *
 * @param {"integration" | "ui"} folder
 * @param {import("./lane.mjs").Needs} needs requirements of each file
 * @param {() => Promise<void>} prepare
 * @returns {Suite}
 */
function fileSuite(folder, needs, prepare) {
  return {
    prepare,
    async jobs(name, named) {
      const durations = await lastDurations(name);
      return Promise.all(
        (await testFiles(folder, named)).map(async (file) => ({
          suite: name,
          name: file,
          expectedMs: durations[file] ?? (await stat(path.join(root, "test", file))).size * firstGuess.perByte[folder],
          needs: { ...needs, newest: onNewest.has(file) },
          run: (lane, write) => lane.runFile(name, path.join("test", file), { needs, limitMinutes: 60, write }),
        })),
      );
    },
  };
}

/**
 * @param {import("../codeHost/hosts.mjs").HostName} host
 * @returns {Suite}
 */
function hostSuite(host) {
  return {
    prepare: () => prepareHostSuite(host),
    async jobs(name) {
      const expectedMs = total(await lastDurations(name)) || firstGuess.host;
      return [
        {
          suite: name,
          name,
          expectedMs,
          needs: { engine: true, newest: true },
          run: async (lane, write) =>
            startHostSuite(name, host, { env: await lane.environment({ engine: true }), limitMinutes: 60, write }),
        },
      ];
    },
  };
}

/** Suites by name. @type {Readonly<Record<string, Suite>>} */
export const suites = {
  unit: {
    prepare: nothing,
    async jobs(name, named) {
      const files = named.length > 0 ? named : ["test/unit/**/*.test.ts"];
      const jobs = os.availableParallelism();
      const run = async (/** @type {Lane} */ lane, /** @type {Write} */ write) =>
        runMocha(name, files, { jobs, env: await lane.environment({}), limitMinutes: 60, write });
      const expectedMs = total(await lastDurations(name)) / jobs || firstGuess.unit;
      return [{ suite: name, name, expectedMs, needs: {}, run }];
    },
  },
  integration: fileSuite("integration", { engine: true, python: true }, nothing),
  host: hostSuite("latest"),
  "host-oldest": hostSuite("oldest"),
  ui: fileSuite("ui", { engine: true }, async () => {
    await ensureBrowser();
    await ensureCodeHost();
    await packageExtension();
    await packageSampleExtension();
  }),
};

/**
 * @param {string} folder folder of `test`
 * @param {readonly string[]} named test files below the repository; empty for all
 * @returns {Promise<string[]>} paths below `test`
 */
async function testFiles(folder, named) {
  if (named.length > 0) return named.map((file) => path.relative("test", file));
  const entries = await readdir(path.join(root, "test", folder), { recursive: true });
  return entries.filter((file) => file.endsWith(".test.ts")).map((file) => path.join(folder, file));
}

/** @param {Readonly<Record<string, number>>} durations */
function total(durations) {
  return Object.values(durations).reduce((sum, each) => sum + each, 0);
}
