import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { desktopVsCode } from "../codeHost/desktop.mjs";
import { buildLogFiles } from "../codeHost/outputChannels.mjs";
import { follow } from "../setup/follow.mjs";
import { root } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { registryName } from "./stage.mjs";

/**
 * Opens the sample in VS Code with the extension, runs its command, and prints the log of the build meanwhile.
 *
 * @param {import("./stage.mjs").Stage} stage
 * @param {string} imageName without the registry
 * @returns {Promise<{ imageName: string, repoDigest: string }>}
 */
export async function buildInVsCode(stage, imageName) {
  const { runTests } = await import("@vscode/test-electron");
  const userData = path.join(stage.folder, "data");
  const resultFile = path.join(stage.folder, "result.json");
  await mkdir(path.join(userData, "User"), { recursive: true });
  await writeFile(path.join(userData, "User/settings.json"), JSON.stringify(stage.settings));
  const stopFollowing = follow(() => buildLogFiles(userData));
  /** @type {unknown} */
  let failure;
  try {
    await runTests({
      ...(desktopVsCode() ?? { vscodeExecutablePath: path.join(root, "scripts/codeHost/code.mjs") }),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, "scripts/demo/inHost.mjs"),
      launchArgs: [
        stage.sample,
        `--user-data-dir=${userData}`,
        `--extensions-dir=${path.join(stage.folder, "extensions")}`,
      ],
      extensionTestsEnv: {
        ...stage.env,
        IMAGE_BUILDERS_DEMO: JSON.stringify({ folder: stage.sample, imageName, registry: registryName, resultFile }),
      },
    });
  } catch (error) {
    failure = error;
  } finally {
    await stopFollowing();
  }
  const { outcome, error } = JSON.parse(await readFile(resultFile, "utf8").catch(() => "{}"));
  if (error) throw new SetUpError(error);
  if (failure) throw failure;
  if (!outcome?.repoDigest) throw new SetUpError(`The extension gave no digest but: ${JSON.stringify(outcome)}`);
  return outcome;
}
