import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { freePort } from "../engines/ports.mjs";
import { withParent } from "../setup/processes.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { endOf, run, toolEnvironment, waitFor } from "../setup/steps.mjs";
import { quietSettings } from "./settings.mjs";

/**
 * @typedef {object} ServerOptions
 * @property {import("./install.mjs").CodeHost} host
 * @property {boolean} [runsTests] whether the address may specify extensions under development and their tests; VS Code
 * then shows no notifications
 * @property {Readonly<Record<string, unknown>>} [settings] user settings, in addition to the quiet ones
 * @property {NodeJS.ProcessEnv} [env] environment of extensions, in addition to that of this process
 * @property {string} [userData] folder that is kept; the default is a new folder that is deleted at the end
 * @property {string} [extensions] folder of the extensions, likewise
 * @property {boolean} [logsAll] whether the server and its extensions log at level trace
 * @property {readonly string[]} [vsix] packaged extensions to install first, each after its dependencies
 */

// Variables of a terminal in VS Code or of code-server that would change how the server starts.
const foreign = [
  "VSCODE_IPC_HOOK_CLI",
  "VSCODE_IPC_HOOK",
  "VSCODE_PID",
  "VSCODE_CWD",
  "ELECTRON_RUN_AS_NODE",
  "PORT",
  "PASSWORD",
  "NODE_OPTIONS",
];

/** VS Code server on a free loopback port, with temporary data. */
export class CodeServer {
  #hasEnded = false;

  /**
   * @param {ServerOptions} options
   * @param {string} folder
   */
  constructor(options, folder) {
    this.options = options;
    this.folder = folder;
    this.userData = options.userData ?? path.join(folder, "data");
    this.extensions = options.extensions ?? path.join(folder, "extensions");
    this.settingsFile = path.join(this.userData, "User/settings.json");
    this.logFile = path.join(folder, "server.log");
    this.port = 0;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param {ServerOptions} options
   * @throws {SetUpError} with the end of its log
   */
  static async start(options) {
    const server = new CodeServer(options, await mkdtemp(path.join(os.tmpdir(), "image-builders-code-")));
    try {
      await server.#start();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Base address of the windows. Paths in an address are on this machine. */
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * Returns the address of a window.
   *
   * @param {string | undefined} folder folder or workspace file to open
   * @param {{ extensions?: readonly string[], tests?: string }} [development] requires `runsTests`
   */
  windowUrl(folder, { extensions = [], tests } = {}) {
    const remote = (/** @type {string} */ file) =>
      `vscode-remote://127.0.0.1:${this.port}${encodeURI(path.resolve(file))}`;
    const payload = extensions.map((extension) => ["extensionDevelopmentPath", remote(extension)]);
    if (tests) payload.push(["extensionTestsPath", remote(tests)]);
    const query = new URLSearchParams(
      folder ? { [folder.endsWith(".code-workspace") ? "workspace" : "folder"]: path.resolve(folder) } : { ew: "true" },
    );
    if (payload.length > 0) query.set("payload", JSON.stringify(payload));
    return `${this.url}/?${query}`;
  }

  /**
   * Changes the user settings for windows that are opened later.
   *
   * @param {Readonly<Record<string, unknown>>} changes
   */
  async changeSettings(changes) {
    const current = existsSync(this.settingsFile) ? JSON.parse(await readFile(this.settingsFile, "utf8")) : {};
    await mkdir(path.dirname(this.settingsFile), { recursive: true });
    await writeFile(this.settingsFile, JSON.stringify({ ...current, ...changes }, undefined, 2));
  }

  /**
   * Deletes the data of previous windows, so that the next one starts as in a new VS Code. No window may be open.
   *
   * @param {Readonly<Record<string, unknown>>} settings user settings, in addition to the quiet ones
   */
  async forget(settings) {
    const user = path.join(this.userData, "User");
    const logs = path.join(this.userData, "logs");
    const remove = (/** @type {string} */ place) =>
      rm(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    for (const name of await readdir(user)) {
      if (name !== "globalStorage") await remove(path.join(user, name));
      else for (const each of await readdir(path.join(user, name))) await remove(path.join(user, name, each));
    }
    // The server continues writing to the folder of its own start, which contains a folder for each window's extension
    // host.
    for (const start of await readdir(logs)) {
      for (const name of await readdir(path.join(logs, start)))
        if (name.startsWith("exthost")) await remove(path.join(logs, start, name));
    }
    await this.changeSettings({ ...quietSettings, ...settings });
  }

  /** Whether the server's process is running. */
  get isUp() {
    return this.child !== undefined && !this.#hasEnded;
  }

  /** Returns the output of the server and its extension host. */
  log() {
    return readFile(this.logFile, "utf8").catch(() => "");
  }

  /** Ends the server with all its processes and deletes its temporary data. */
  async stop() {
    const child = this.child;
    if (child && !this.#hasEnded) {
      this.#signal("SIGTERM");
      await Promise.race([this.ended, new Promise((resolve) => setTimeout(resolve, 4000))]);
    }
    // Processes that the server started are in its process group, and some outlive it.
    if (child) this.#signal("SIGKILL");
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #start() {
    const { host, settings, vsix = [] } = this.options;
    if (!this.options.userData || !existsSync(this.settingsFile))
      await this.changeSettings({ ...quietSettings, ...settings });
    await writeFile(path.join(this.folder, "config.yaml"), "");
    for (const file of vsix) await this.#install(file);
    this.port = await freePort();
    const log = openSync(this.logFile, "a");
    const [program = "", ...args] = [...withParent(), host.node, ...this.#args()];
    this.child = spawn(program, args, { stdio: ["ignore", log, log], env: this.#environment(), detached: true });
    closeSync(log);
    await once(this.child, "spawn");
    this.ended = once(this.child, "exit").then(() => {
      this.#hasEnded = true;
    });
    await waitFor(
      async () => {
        if (this.#hasEnded) throw new SetUpError(`VS Code's server ended at once:\n${await endOf(this.logFile)}`);
        return fetch(`${this.url}${host.front ? "/healthz" : "/version"}`).then(
          (answer) => answer.ok,
          () => false,
        );
      },
      { timeoutMs: 180_000, describe: async () => `VS Code's server does not answer:\n${await endOf(this.logFile)}` },
    );
  }

  /** @param {string} vsix */
  #install(vsix) {
    const { host } = this.options;
    const args = ["--server-data-dir", this.folder, "--extensions-dir", this.extensions, "--install-extension", vsix];
    return run(host.node, [path.join(host.vscode, "out/server-main.js"), ...args], { log: "code-host" });
  }

  #args() {
    const { host, runsTests, settings, logsAll } = this.options;
    const asksForTrust = settings?.["security.workspace.trust.enabled"] === true;
    const common = [
      "--user-data-dir",
      this.userData,
      "--extensions-dir",
      this.extensions,
      ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
      ...(logsAll ? ["--log", "trace"] : []),
    ];
    if (host.front) {
      return [
        host.frontEntry,
        "--bind-addr",
        `127.0.0.1:${this.port}`,
        "--auth",
        "none",
        "--config",
        path.join(this.folder, "config.yaml"),
        ...common,
        "--disable-telemetry",
        "--disable-update-check",
        "--disable-getting-started-override",
        "--ignore-last-opened",
        ...(runsTests ? ["--vscode-option", "enable-smoke-test-driver"] : []),
      ];
    }
    return [
      path.join(host.vscode, "out/server-main.js"),
      "--host",
      "127.0.0.1",
      "--port",
      String(this.port),
      "--without-connection-token",
      "--accept-server-license-terms",
      "--server-data-dir",
      this.folder,
      ...common,
      "--telemetry-level",
      "off",
      ...(runsTests ? ["--enable-smoke-test-driver"] : []),
    ];
  }

  #environment() {
    // With an empty gallery, VS Code doesn't contact a marketplace. Without XDG_DATA_HOME, code-server would write to
    // the user's own data folder.
    const env = toolEnvironment({
      EXTENSIONS_GALLERY: "{}",
      XDG_DATA_HOME: path.join(this.folder, "share"),
      ...this.options.env,
    });
    for (const name of foreign) delete env[name];
    return env;
  }

  /** @param {NodeJS.Signals} name */
  #signal(name) {
    try {
      process.kill(-(this.child?.pid ?? 0), name);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH") throw error;
    }
  }
}
