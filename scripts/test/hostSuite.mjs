import path from "node:path";
import { ensureBrowser } from "../codeHost/browser.mjs";
import { desktopVsCode } from "../codeHost/desktop.mjs";
import { ensureCodeHost } from "../codeHost/install.mjs";
import { bundleExtension, bundleHostTests } from "../setup/bundle.mjs";
import { limit, OutputEnd, startChild } from "./child.mjs";
import { takeResults } from "./results.mjs";
import { resultsFileOf } from "./runMocha.mjs";

/**
 * Installs and bundles what the host suite requires.
 *
 * @param {import("../codeHost/hosts.mjs").HostName} host
 */
export async function prepareHostSuite(host) {
  if (!desktopVsCode()) {
    await ensureBrowser();
    await ensureCodeHost(host);
  }
  await bundleExtension();
  await bundleHostTests();
}

/**
 * Runs the host suite in the extension host of VS Code.
 *
 * @param {string} suite
 * @param {import("../codeHost/hosts.mjs").HostName} host
 * @param {{ env: NodeJS.ProcessEnv, limitMinutes: number, write: import("./child.mjs").Write }} options
 * @returns {Promise<import("./results.mjs").Results>}
 */
export async function startHostSuite(suite, host, { env, limitMinutes, write }) {
  const resultsFile = resultsFileOf(suite);
  const output = new OutputEnd();
  const { child, ended } = startChild([path.join("scripts", "test", "runHost.mjs")], {
    env: {
      ...env,
      TMPDIR: env.IMAGE_BUILDERS_TEST_TMPDIR,
      IMAGE_BUILDERS_CODE_HOST: host,
      IMAGE_BUILDERS_CODE_TIMEOUT_MS: String(limitMinutes * 60_000),
      IMAGE_BUILDERS_TEST_RESULTS: resultsFile,
    },
    write: (chunk) => {
      output.add(chunk);
      write(chunk);
    },
  });
  // VS Code's own limit is reached first, and its message has more details.
  const unlimited = limit(child, limitMinutes + 1, () =>
    write(`\nThe suite ${suite} did not end within ${limitMinutes} minutes.\n`),
  );
  const code = await ended;
  unlimited();
  return takeResults(resultsFile, { endedWell: code === 0, title: suite, output: output.text });
}
