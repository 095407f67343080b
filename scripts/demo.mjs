import { ensureBrowser } from "./codeHost/browser.mjs";
import { desktopVsCode } from "./codeHost/desktop.mjs";
import { ensureCodeHost } from "./codeHost/install.mjs";
import { buildInVsCode } from "./demo/buildInVsCode.mjs";
import { chooseDaemon, setStage } from "./demo/stage.mjs";
import { digestInRegistry } from "./engines/registry.mjs";
import { bundleExtension } from "./setup/bundle.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { onInterrupt } from "./setup/interrupt.mjs";
import { runMain } from "./setup/setUpError.mjs";
import { allOf, say, step } from "./setup/steps.mjs";

const repository = "hello";
const tag = "demo";

/** @param {import("./demo/stage.mjs").Stage} stage */
async function perform(stage) {
  const { imageName, repoDigest } = await step("build and push the sample through the extension", () =>
    buildInVsCode(stage, `${repository}:${tag}`),
  );
  const answer = await digestInRegistry(stage.registry, repository, tag);
  const isEqual = answer !== undefined && repoDigest.endsWith(`@${answer}`);
  console.log(`\nimage                ${imageName}`);
  console.log(`repo digest          ${repoDigest}`);
  console.log(`the registry's own   ${answer}   (Docker-Content-Digest of HEAD /v2/${repository}/manifests/${tag})`);
  console.log(isEqual ? "They are equal." : "They differ.");
  return isEqual ? 0 : 1;
}

await runMain(async () => {
  /** @type {import("./demo/stage.mjs").Stage | undefined} */
  let stage;
  onInterrupt(async () => stage?.end());
  try {
    const daemon = await step("find a Docker daemon", chooseDaemon);
    await allOf([
      step("install the packages and bundle the extension", async () => {
        await ensureDependencies();
        await bundleExtension();
      }),
      step("start a Docker daemon and a registry", async () => {
        stage = await setStage(daemon);
      }),
      ...(desktopVsCode()
        ? []
        : [
            step("install VS Code's server", () => ensureCodeHost()),
            step("install a browser for VS Code's window", ensureBrowser),
          ]),
    ]);
    say("everything is set up; VS Code opens");
    return await perform(/** @type {import("./demo/stage.mjs").Stage} */ (/** @type {unknown} */ (stage)));
  } finally {
    await stage?.end();
    say("ended what was started");
  }
});
