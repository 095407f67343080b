// Runs the bundled host suite in VS Code and prints its output.
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { desktopVsCode } from "../codeHost/desktop.mjs";
import { hostTestsFile } from "../setup/bundle.mjs";
import { follow } from "../setup/follow.mjs";
import { onInterrupt } from "../setup/interrupt.mjs";
import { root } from "../setup/paths.mjs";
import { runMain } from "../setup/setUpError.mjs";

await runMain(async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "image-builders-host-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  onInterrupt(removeFolder);
  const output = path.join(folder, "output.txt");
  await writeFile(output, "");
  const stopFollowing = follow(() => [output]);
  const workspace = path.join(folder, "workspace");
  await mkdir(workspace);
  const start = () =>
    runTests({
      ...(desktopVsCode() ?? { vscodeExecutablePath: path.join(root, "scripts/codeHost/code.mjs") }),
      extensionDevelopmentPath: [
        root,
        path.join(root, "samples/custom-flavor"),
        path.join(root, "test/support/pythonExtension"),
      ],
      extensionTestsPath: hostTestsFile,
      launchArgs: [
        workspace,
        `--user-data-dir=${path.join(folder, "data")}`,
        `--extensions-dir=${path.join(folder, "extensions")}`,
      ],
      extensionTestsEnv: { IMAGE_BUILDERS_TEST_OUTPUT: output },
    });
  const report = (/** @type {unknown} */ error) => console.error(/** @type {Error} */ (error).message);
  try {
    return await start().catch(async (error) => {
      if ((await stat(output)).size > 0) throw error;
      report(error);
      console.error("No test has started: VS Code is started once more.");
      return start();
    });
  } catch (error) {
    report(error);
    return 1;
  } finally {
    await stopFollowing();
    await removeFolder();
  }
});
