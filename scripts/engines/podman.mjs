import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { ensurePackages } from "../setup/debian.mjs";
import { socketFolder } from "../setup/paths.mjs";
import { isAlive, startServer, stopProcess } from "../setup/processes.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { readState, writeState } from "../setup/stateFile.mjs";
import { endOf, waitFor } from "../setup/steps.mjs";
import { engineVersion } from "./engineApi.mjs";
import { endRemains, unmountBelow } from "./remains.mjs";

/** Podman's Docker API, with the methods `start`, `version`, `isUp`, and `stop` of `Daemon`. */
export class Podman {
  /**
   * @param {string} folder absolute path
   * @param {{ mirror: string, outlives?: boolean }} options `mirror` is host and port of the registry that mirrors
   * Docker Hub
   */
  constructor(folder, { mirror, outlives }) {
    this.folder = folder;
    this.mirror = mirror;
    this.outlives = outlives;
    this.socketFolder = socketFolder(folder);
    this.socket = path.join(this.socketFolder, "podman.sock");
    this.dockerHost = `unix://${this.socket}`;
    this.logFile = path.join(folder, "podman.log");
  }

  /**
   * Starts Podman's API, unless it is running.
   *
   * @throws {SetUpError} with the end of its log
   */
  async start() {
    if (await this.isUp()) return this;
    await this.stop();
    await ensurePackages({ podman: "podman", runc: "runc" }, "Podman's Docker API");
    await mkdir(this.socketFolder, { recursive: true, mode: 0o700 });
    await mkdir(this.folder, { recursive: true });
    const registries = path.join(this.folder, "registries.conf");
    await writeFile(registries, this.#registries());
    const id = await startServer(this.#command(), {
      logFile: this.logFile,
      env: { CONTAINERS_REGISTRIES_CONF: registries },
      outlives: this.outlives,
    });
    await writeState(this.#stateFile, { process: id });
    await waitFor(
      async () => {
        if (!isAlive(id)) throw new SetUpError(`Podman ended at once:\n${await endOf(this.logFile)}`);
        return engineVersion(this.socket);
      },
      { timeoutMs: 120_000, describe: async () => `Podman does not answer:\n${await endOf(this.logFile)}` },
    );
    return this;
  }

  /** Returns the engine's version; undefined if it doesn't answer. */
  version() {
    return engineVersion(this.socket);
  }

  async isUp() {
    return isAlive((await this.#state()).process) && (await this.version()) !== undefined;
  }

  /** Ends Podman with its containers and mounts; its images are kept. */
  async stop() {
    await stopProcess((await this.#state()).process);
    const folders = [this.folder, this.socketFolder];
    await endRemains(folders);
    await unmountBelow(folders);
    await rm(this.socketFolder, { recursive: true, force: true });
  }

  #command() {
    const storage = [
      "--root",
      path.join(this.folder, "data"),
      "--runroot",
      path.join(this.socketFolder, "run"),
      "--storage-driver",
      "overlay",
    ];
    // crun refuses to run on a machine with cgroups of both versions; runc doesn't.
    return [
      "podman",
      ...storage,
      "--runtime",
      "runc",
      "--cgroup-manager",
      "cgroupfs",
      "system",
      "service",
      "--time",
      "0",
      this.dockerHost,
    ];
  }

  #registries() {
    return `unqualified-search-registries = ["docker.io"]

[[registry]]
prefix = "docker.io"
location = "${this.mirror}"
insecure = true

[[registry]]
location = "127.0.0.1"
insecure = true

[[registry]]
location = "${this.mirror}"
insecure = true
`;
  }

  get #stateFile() {
    return path.join(this.folder, "state.json");
  }

  /** @returns {Promise<{ process?: import("../setup/processes.mjs").ProcessId }>} */
  #state() {
    return readState(this.#stateFile, {});
  }
}
