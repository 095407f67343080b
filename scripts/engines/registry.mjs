import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { isAlive, startServer, stopProcess } from "../setup/processes.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { readState, writeState } from "../setup/stateFile.mjs";
import { endOf, run, waitFor } from "../setup/steps.mjs";
import { freePort } from "./ports.mjs";
import { unmountBelow } from "./remains.mjs";

/** User who may push to a registry that requires a password. */
export const registryUser = { username: "test", password: "test" };

// Entry in htpasswd format with a bcrypt hash of the password above, the only hash that the registry accepts; created
// with `htpasswd -nbB test test`.
const testUser = "test:$2y$05$TqxIMvBF4BdN0yjFcWVaveaqX78Uj5nfbfT5xuAK4VqLHqJRdlH6.\n";

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Token service whose tokens a registry accepts, in the registry's terms.
 *
 * @typedef {{ realm: string, service: string, issuer: string, rootcertbundle: string }} TokenService
 */

/**
 * Private registry (Debian's docker-registry) on a loopback port. All its state is in one folder, so any process can
 * manage it.
 */
export class Registry {
  /**
   * @param {string} folder contains its images, configuration, log, and process id
   * @param {{ needsPassword?: boolean, htpasswd?: string, tokenService?: TokenService, outlives?: boolean,
   * dataSizeMiB?: number }} [options] `htpasswd` lists the users, default is `registryUser`; with `outlives`, the
   * registry continues after this process has ended; `dataSizeMiB` is the size of a tmpfs for its images, to test a
   * full disk
   */
  constructor(folder, { needsPassword = false, htpasswd = testUser, tokenService, outlives, dataSizeMiB } = {}) {
    this.folder = folder;
    this.needsPassword = needsPassword;
    this.htpasswd = htpasswd;
    this.tokenService = tokenService;
    this.outlives = outlives;
    this.dataSizeMiB = dataSizeMiB;
    this.port = 0;
    this.logFile = path.join(folder, "log");
  }

  /** Host and port, with which image names begin. */
  get address() {
    return `127.0.0.1:${this.port}`;
  }

  /**
   * Starts the registry, or keeps the running one. A restart uses the same port unless another program has taken it.
   *
   * @throws {SetUpError} with the end of its log
   */
  async start() {
    const previous = await this.#state();
    this.port = previous.port;
    if (isAlive(previous.process) && (await this.#answers())) return this;
    await stopProcess(previous.process);
    this.port = await freePort(previous.port);
    await this.#writeConfig();
    if (this.dataSizeMiB) await this.#mountData(this.dataSizeMiB);
    const id = await startServer(["docker-registry", "serve", path.join(this.folder, "config.yml")], {
      logFile: this.logFile,
      outlives: this.outlives,
    });
    await writeState(this.#stateFile, { port: this.port, process: id });
    await waitFor(
      async () => {
        if (!isAlive(id)) throw new SetUpError(`The registry ended at once:\n${await endOf(this.logFile)}`);
        return this.#answers();
      },
      {
        timeoutMs: 90_000,
        describe: async () => `The registry does not answer on ${this.address}:\n${await endOf(this.logFile)}`,
      },
    );
    return this;
  }

  /** Ends the registry; its images are kept. */
  async stop() {
    await stopProcess((await this.#state()).process);
  }

  /** Ends the registry immediately, as a crash would. */
  async kill() {
    await stopProcess((await this.#state()).process, { graceMs: 0 });
  }

  /** Ends the registry and deletes all its data. */
  async remove() {
    await this.kill();
    await unmountBelow([this.folder]);
    await rm(this.folder, { recursive: true, force: true });
  }

  async isUp() {
    const { port, process: id } = await this.#state();
    this.port = port;
    return isAlive(id) && this.#answers();
  }

  /**
   * Requests the digest of a tag from the registry.
   *
   * @param {string} repository
   * @param {string} tag
   */
  digestOf(repository, tag) {
    return digestInRegistry(this.address, repository, tag, this.needsPassword ? registryUser : undefined);
  }

  /** @param {number} sizeMiB */
  async #mountData(sizeMiB) {
    const data = path.join(this.folder, "data");
    await unmountBelow([this.folder]);
    await mkdir(data, { recursive: true });
    await run("mount", ["-t", "tmpfs", "-o", `size=${sizeMiB}m`, "tmpfs", data]);
  }

  async #answers() {
    const answer = await fetch(`http://${this.address}/v2/`, { signal: AbortSignal.timeout(3000) }).catch(
      () => undefined,
    );
    return answer?.status === (this.needsPassword || this.tokenService ? 401 : 200);
  }

  async #writeConfig() {
    await mkdir(this.folder, { recursive: true });
    const passwords = path.join(this.folder, "htpasswd");
    if (this.needsPassword) await writeFile(passwords, this.htpasswd);
    const config = {
      version: "0.1",
      log: { level: "info" },
      storage: { filesystem: { rootdirectory: path.join(this.folder, "data") }, delete: { enabled: true } },
      http: { addr: this.address, secret: "tests" },
      ...(this.needsPassword ? { auth: { htpasswd: { realm: "tests", path: passwords } } } : {}),
      ...(this.tokenService ? { auth: { token: this.tokenService } } : {}),
    };
    // The configuration is YAML, which includes JSON.
    await writeFile(path.join(this.folder, "config.yml"), JSON.stringify(config));
  }

  get #stateFile() {
    return path.join(this.folder, "state.json");
  }

  /** @returns {Promise<{ port: number, process?: import("../setup/processes.mjs").ProcessId }>} */
  #state() {
    return readState(this.#stateFile, { port: 0 });
  }
}

/**
 * Requests the digest of a tag from a plain-HTTP registry; undefined if there is no such image.
 *
 * @param {string} address host and port
 * @param {string} repository
 * @param {string} tag
 * @param {{ username: string, password: string }} [user]
 */
export async function digestInRegistry(address, repository, tag, user) {
  const headers = new Headers({ Accept: manifestTypes });
  if (user)
    headers.set("Authorization", `Basic ${Buffer.from(`${user.username}:${user.password}`).toString("base64")}`);
  const answer = await fetch(`http://${address}/v2/${repository}/manifests/${tag}`, { method: "HEAD", headers });
  return answer.headers.get("docker-content-digest") ?? undefined;
}
