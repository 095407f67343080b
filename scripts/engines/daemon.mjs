import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { socketFolder } from "../setup/paths.mjs";
import { isAlive, startServer, stopProcess } from "../setup/processes.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { readState, writeState } from "../setup/stateFile.mjs";
import { endOf, run, waitFor } from "../setup/steps.mjs";
import { bridgeName, ensureBridge, removeBridge } from "./bridge.mjs";
import { engineVersion } from "./engineApi.mjs";
import { releasePrograms } from "./releases.mjs";
import { endRemains, unmountBelow } from "./remains.mjs";

/**
 * @typedef {object} DaemonOptions
 * @property {import("./releases.mjs").Release} [release] default is `installed`
 * @property {boolean} [containerdStore] whether images are in containerd's store instead of dockerd's own
 * @property {string} [mirror] host and port of the registry that mirrors Docker Hub
 * @property {readonly string[]} [insecureRegistries] hosts with ports that may be contacted without TLS
 * @property {NodeJS.ProcessEnv} [env] additional environment
 * @property {boolean} [outlives] whether it continues after this process has ended
 * @property {number} [dataSizeMiB] size of a tmpfs for its data, to test a full disk
 */

/**
 * Private Docker daemon with its own socket, network bridge, and data. All its state is in its folder, so any process
 * can manage it.
 */
export class Daemon {
  /**
   * @param {string} folder absolute path
   * @param {DaemonOptions} [options]
   */
  constructor(
    folder,
    { release = "installed", containerdStore = false, mirror, insecureRegistries, env, outlives, dataSizeMiB } = {},
  ) {
    this.folder = folder;
    this.socketFolder = socketFolder(folder);
    this.socket = path.join(this.socketFolder, "docker.sock");
    this.dockerHost = `unix://${this.socket}`;
    this.logFile = path.join(folder, "dockerd.log");
    this.bridge = bridgeName(folder);
    this.release = release;
    this.env = env;
    this.outlives = outlives;
    this.dataSizeMiB = dataSizeMiB;
    this.config = {
      // A layer that a registry refuses keeps its place for 50 s, in which the daemon tries again.
      "max-concurrent-uploads": 200,
      ...(containerdStore ? { features: { "containerd-snapshotter": true } } : {}),
      ...(mirror ? { "registry-mirrors": [`http://${mirror}`] } : {}),
      ...(insecureRegistries ? { "insecure-registries": insecureRegistries } : {}),
    };
  }

  /**
   * Starts the daemon, or keeps the running one if it was started with the same options.
   *
   * @throws {SetUpError} with the end of its log
   */
  async start() {
    const state = await this.#state();
    const wanted = JSON.stringify({ config: this.config, release: this.release });
    if (state.wanted === wanted && (await this.isUp())) return this;
    await stopProcess(state.process);
    await this.#clearRemains();
    const programs = await releasePrograms(this.release);
    await ensureBridge(this.bridge);
    await this.#makeFolders();
    const PATH = [...programs, process.env.PATH ?? ""].join(path.delimiter);
    const id = await startServer(this.#command(), {
      logFile: this.logFile,
      env: { ...this.env, PATH },
      outlives: this.outlives,
    });
    await writeState(this.#stateFile, { wanted, process: id });
    await waitFor(
      async () => {
        if (!isAlive(id)) throw new SetUpError(`The Docker daemon ended at once:\n${await endOf(this.logFile)}`);
        return engineVersion(this.socket);
      },
      { timeoutMs: 180_000, describe: async () => `The Docker daemon does not answer:\n${await endOf(this.logFile)}` },
    );
    return this;
  }

  /** Returns the daemon's version; undefined if it doesn't answer. */
  version() {
    return engineVersion(this.socket);
  }

  async isUp() {
    return isAlive((await this.#state()).process) && (await this.version()) !== undefined;
  }

  /** Ends the daemon with its containers, network, and mounts; its images are kept. */
  async stop() {
    await stopProcess((await this.#state()).process);
    await this.#clearRemains();
    await removeBridge(this.bridge);
    await rm(this.socketFolder, { recursive: true, force: true });
  }

  /** Ends the daemon immediately, as a crash would. `start` restores it with its images. */
  async kill() {
    await stopProcess((await this.#state()).process, { graceMs: 0 });
  }

  /** Stops the process as if it hung: it accepts connections but doesn't answer until `resume`. */
  async pause() {
    await this.#signal("SIGSTOP");
    // Each thread stops only when it runs next, and until then it may answer.
    while (!(await this.#hasStopped())) await delay(5);
  }

  /** Whether no thread of the process can run. */
  async #hasStopped() {
    const { process: id } = await this.#state();
    if (!id || !isAlive(id)) return true;
    const threads = await readdir(`/proc/${id.pid}/task`);
    const states = await Promise.all(
      threads.map((thread) => readFile(`/proc/${id.pid}/task/${thread}/stat`, "utf8").catch(() => "")),
    );
    // The state follows the name of the program, which is in parentheses.
    return states.every((stat) => stat === "" || /\) [TtZX] /.test(stat));
  }

  async resume() {
    await this.#signal("SIGCONT");
  }

  /** Ends the daemon and deletes all its data. */
  async remove() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param {NodeJS.Signals} name */
  async #signal(name) {
    const { process: id } = await this.#state();
    if (!id || !isAlive(id)) throw new SetUpError("The Docker daemon does not run.");
    process.kill(id.pid, name);
  }

  async #makeFolders() {
    const data = path.join(this.folder, "data");
    await mkdir(data, { recursive: true });
    await mkdir(this.socketFolder, { recursive: true, mode: 0o700 });
    if (this.dataSizeMiB) await run("mount", ["-t", "tmpfs", "-o", `size=${this.dataSizeMiB}m`, "tmpfs", data]);
    await writeFile(path.join(this.folder, "daemon.json"), JSON.stringify(this.config));
  }

  #command() {
    return [
      "dockerd",
      "--config-file",
      path.join(this.folder, "daemon.json"),
      "--host",
      this.dockerHost,
      "--data-root",
      path.join(this.folder, "data"),
      "--exec-root",
      path.join(this.socketFolder, "exec"),
      "--pidfile",
      path.join(this.socketFolder, "docker.pid"),
      "--bridge",
      this.bridge,
      "--iptables=false",
    ];
  }

  // The containerd of a killed daemon may remain as a zombie until its parent reaps it, and dockerd takes it for a
  // running one. Therefore, all remaining processes are ended.
  async #clearRemains() {
    const folders = [this.folder, this.socketFolder];
    await endRemains(folders);
    await unmountBelow(folders);
    await rm(this.socketFolder, { recursive: true, force: true });
  }

  get #stateFile() {
    return path.join(this.folder, "state.json");
  }

  /** @returns {Promise<{ wanted?: string, process?: import("../setup/processes.mjs").ProcessId }>} */
  #state() {
    return readState(this.#stateFile, {});
  }
}
