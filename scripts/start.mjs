import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensureCodeHost } from "./codeHost/install.mjs";
import { CodeServer } from "./codeHost/server.mjs";
import { chooseDaemon, setStage } from "./demo/stage.mjs";
import { bundleExtension, packageExtension, vsixFile } from "./setup/bundle.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { onInterrupt } from "./setup/interrupt.mjs";
import { root } from "./setup/paths.mjs";
import { runMain } from "./setup/setUpError.mjs";
import { allOf, findProgram, step } from "./setup/steps.mjs";

/** Desktop VS Code's program; in a remote terminal `code` only talks to the window it belongs to. */
function desktopCode() {
  return (
    process.env.VSCODE_EXECUTABLE ??
    (process.env.VSCODE_IPC_HOOK_CLI ? undefined : findProgram(process.platform === "win32" ? "code.cmd" : "code"))
  );
}

/**
 * Opens the sample in desktop VS Code and waits until its window is closed.
 *
 * @param {string} code
 * @param {import("./demo/stage.mjs").Stage} stage
 */
async function openDesktop(code, stage) {
  const userData = path.join(stage.folder, "data");
  await mkdir(path.join(userData, "User"), { recursive: true });
  await writeFile(path.join(userData, "User/settings.json"), JSON.stringify(stage.settings));
  const args = [
    stage.sample,
    "--new-window",
    "--wait",
    `--user-data-dir=${userData}`,
    `--extensions-dir=${path.join(stage.folder, "extensions")}`,
    `--extensionDevelopmentPath=${root}`,
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
  console.log("\nVS Code opens. Right-click the folder hello, then Image Builders. Close its window to end.");
  const child = spawn(code, args, {
    stdio: "inherit",
    env: { ...process.env, ...stage.env },
    shell: process.platform === "win32",
  });
  return new Promise((resolve, reject) => child.once("error", reject).once("close", (status) => resolve(status ?? 1)));
}

/**
 * Serves a VS Code with the sample to the user's browser until the server ends.
 *
 * @param {CodeServer} server
 * @param {import("./demo/stage.mjs").Stage} stage
 */
async function serve(server, stage) {
  console.log(
    `\nVS Code is at ${server.windowUrl(stage.sample)}\n` +
      "Right-click a file of the sample or open the palette (F1), then Image Builders. Ctrl+C ends all of it.",
  );
  await server.ended;
}

await runMain(async () => {
  const code = desktopCode();
  /** @type {import("./demo/stage.mjs").Stage | undefined} */
  let stage;
  /** @type {CodeServer | undefined} */
  let server;
  const end = async () => {
    await server?.stop();
    await stage?.end();
  };
  onInterrupt(end);
  try {
    const daemon = await step("find a Docker daemon", chooseDaemon);
    const [, made, host] = await allOf([
      step("install the packages and bundle the extension", async () => {
        await ensureDependencies();
        await (code ? bundleExtension() : packageExtension());
      }),
      step("start a Docker daemon and a registry", async () => (stage = await setStage(daemon))),
      step("install VS Code's server", async () => (code ? undefined : ensureCodeHost())),
    ]);
    if (code) return await openDesktop(code, made);
    if (!host) return 1;
    server = await CodeServer.start({ host, vsix: [vsixFile], settings: made.settings, env: made.env });
    await serve(server, made);
    return 0;
  } finally {
    await end();
  }
});
