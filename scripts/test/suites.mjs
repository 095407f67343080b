import { ensureBrowser } from "../codeHost/browser.mjs";
import { ensureCodeHost } from "../codeHost/install.mjs";
import { packageExtension, packageSampleExtension } from "../setup/bundle.mjs";
import { prepareHostSuite, runHostSuite } from "./hostSuite.mjs";
import { runMocha } from "./runMocha.mjs";

/**
 * A suite: what it needs of the machine, and how it runs.
 *
 * @typedef {object} Suite
 * @property {boolean} needsEngine whether it builds images
 * @property {boolean} [needsPython] whether it builds on Python
 * @property {() => Promise<void>} prepare
 * @property {(env: NodeJS.ProcessEnv) => Promise<import("./runMocha.mjs").Tally>} run
 */

const nothing = async () => {};

/**
 * @param {string} name
 * @param {import("../codeHost/hosts.mjs").HostName} host
 * @returns {Suite}
 */
function hostSuite(name, host) {
  return { needsEngine: true, prepare: () => prepareHostSuite(host), run: (env) => runHostSuite(name, host, env, 20) };
}

/** All suites, in the order in which `npm test` runs them. @type {Readonly<Record<string, Suite>>} */
export const suites = {
  unit: {
    needsEngine: false,
    prepare: nothing,
    run: (env) => runMocha("unit", ["test/unit/**/*.test.ts"], { env, limitMinutes: 20 }),
  },
  integration: {
    needsEngine: true,
    needsPython: true,
    prepare: nothing,
    run: (env) => runMocha("integration", ["test/integration/**/*.test.ts"], { env, limitMinutes: 30 }),
  },
  host: hostSuite("host", "latest"),
  "host-oldest": hostSuite("host-oldest", "oldest"),
  ui: {
    needsEngine: true,
    async prepare() {
      await ensureBrowser();
      await ensureCodeHost();
      await packageExtension();
      await packageSampleExtension();
    },
    run: (env) => runMocha("ui", ["test/ui/**/*.test.ts"], { env, limitMinutes: 30 }),
  },
};
