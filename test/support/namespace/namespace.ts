import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import type { DaemonOptions } from "../../../scripts/engines/daemon.mjs";
import { ensureEnginePackages } from "../../../scripts/engines/releases.mjs";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import { root } from "../../../scripts/setup/paths.mjs";
import { withParent } from "../../../scripts/setup/processes.mjs";
import { temporaryFolder } from "../folder";
import { CoreProcess } from "./coreProcess";

/** What is to be found in a namespace. */
export interface NamespaceParts {
  /** Hosts by their real names, which lead to the ports below. */
  readonly names: readonly string[];
  /** Who takes the connections to a port of any of the hosts. */
  readonly ports: Readonly<Record<number, (socket: Socket) => void>>;
  readonly daemon?: DaemonOptions;
}

/**
 * A network of its own, in which hosts have whatever names and addresses the tests want, with a Docker daemon in it. It
 * needs root, as the daemon does. Connections leave it by unix sockets, which all namespaces of a machine share.
 */
export class Namespace {
  readonly folder = temporaryFolder();
  #dockerHost = "";
  #inside: ChildProcess | undefined;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #cores: CoreProcess[] = [];

  static async start({ names, ports, daemon }: NamespaceParts): Promise<Namespace> {
    await ensureEnginePackages();
    await ensurePackages({ "util-linux": "nsenter", iproute2: "ip" }, "A network namespace");
    const namespace = new Namespace();
    const sockets: Record<string, string> = {};
    for (const [port, accept] of Object.entries(ports)) sockets[port] = await namespace.#listen(port, accept);
    const plan = JSON.stringify({ folder: namespace.folder, names, ports: sockets, daemon });
    const command = [
      ...withParent(),
      "unshare",
      "--net",
      "--mount",
      process.execPath,
      join(import.meta.dirname, "inside.mjs"),
      plan,
    ];
    await namespace.#start(command);
    return namespace;
  }

  get dockerHost(): string {
    return this.#dockerHost;
  }

  /** Makes Docker trust an authority for one registry, and no other, as its documentation says. */
  trust(host: string, certificate: string): void {
    const folder = join(this.folder, "etc-docker/certs.d", host);
    mkdirSync(folder, { recursive: true });
    copyFileSync(certificate, join(folder, "ca.crt"));
  }

  /** Starts a process with the core in it; its environment is what is given, and the daemon. */
  async core(env: NodeJS.ProcessEnv = {}): Promise<CoreProcess> {
    const within = ["nsenter", `--target=${this.#inside?.pid}`, "--net", "--mount", `--wd=${root}`];
    const core = await CoreProcess.start(within, { DOCKER_HOST: this.dockerHost, ...env });
    this.#cores.push(core);
    return core;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#cores.map((core) => core.stop()));
    if (this.#inside?.connected) {
      this.#inside.disconnect();
      await once(this.#inside, "exit");
    }
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => once(server.close(), "close")));
  }

  async #listen(port: string, accept: (socket: Socket) => void): Promise<string> {
    const socketPath = join(this.folder, `${port}.sock`);
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      accept(socket);
    });
    this.#servers.push(server);
    await once(server.listen(socketPath), "listening");
    return socketPath;
  }

  async #start([program = "", ...args]: readonly string[]): Promise<void> {
    const inside = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#inside = inside;
    const [answer] = (await Promise.race([once(inside, "message"), once(inside, "exit")])) as unknown[];
    if (typeof answer !== "string")
      throw new Error(`The network namespace could not be made (exit code ${String(answer)}): it needs root.`);
    this.#dockerHost = answer;
  }
}
