import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { ensureBrowser } from "../codeHost/browser.mjs";
import { desktopVsCode } from "../codeHost/desktop.mjs";
import { ensureCodeHost } from "../codeHost/install.mjs";
import { bundleExtension, bundleHostTests, hostTestsFile } from "../setup/bundle.mjs";
import { follow } from "../setup/follow.mjs";
import { root } from "../setup/paths.mjs";
import { resultsFileOf, tallyOf } from "./runMocha.mjs";

/**
 * Installs and bundles what the host suite needs.
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
 * Runs the host suite inside the extension host of a VS Code.
 *
 * @param {string} suite
 * @param {import("../codeHost/hosts.mjs").HostName} host
 * @param {NodeJS.ProcessEnv} env
 * @param {number} limitMinutes
 * @returns {Promise<import("./runMocha.mjs").Tally>}
 */
export async function runHostSuite(suite, host, env, limitMinutes) {
  const { runTests } = await import("@vscode/test-electron");
  const folder = await mkdtemp(path.join(os.tmpdir(), "image-builders-host-"));
  const output = path.join(folder, "output.txt");
  await writeFile(output, "");
  const stopFollowing = follow(() => [output]);
  const workspace = path.join(folder, "workspace");
  await mkdir(workspace);
  let endedWell = true;
  try {
    await runTests({
      ...(desktopVsCode() ?? { vscodeExecutablePath: path.join(root, "scripts/codeHost/code.mjs") }),
      extensionDevelopmentPath: [root, path.join(root, "samples/custom-flavor")],
      extensionTestsPath: hostTestsFile,
      launchArgs: [workspace, `--user-data-dir=${path.join(folder, "data")}`, `--extensions-dir=${path.join(folder, "extensions")}`],
      extensionTestsEnv: {
        ...env,
        IMAGE_BUILDERS_CODE_HOST: host,
        IMAGE_BUILDERS_CODE_TIMEOUT_MS: String(limitMinutes * 60_000),
        IMAGE_BUILDERS_TEST_RESULTS: resultsFileOf(suite),
        IMAGE_BUILDERS_TEST_OUTPUT: output,
      },
    });
  } catch (error) {
    endedWell = false;
    console.error(/** @type {Error} */ (error).message);
  } finally {
    await stopFollowing();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
  return tallyOf(suite, endedWell);
}
