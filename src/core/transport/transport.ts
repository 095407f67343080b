import { Agent, type ClientRequestArgs } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { SecretMask } from "../credentials/secretMask";
import { headerSecrets, type DaemonHeaders } from "./daemonHeaders";
import type { Endpoint } from "./endpoint";
import { SshStream } from "./sshStream";

const idleMs = 30_000;

/**
 * Value of a request's `socketPath`, in addition to the agent, which alone determines the connection. VS Code replaces
 * the agent of every request in its extension host with its proxy agent, except for requests to a socket.
 */
export const agentSocket = "docker";

/**
 * Opens all connections to one daemon: `http.request({ agent, socketPath: agentSocket, path })` reaches it over a
 * socket, TCP, TLS, or SSH, and so does any other code that accepts an agent.
 *
 * Connections are kept for the next request for 30 s, except local ones, which are cheap to open. `destroy` closes all
 * connections, including upgraded ones.
 */
export class EngineAgent extends Agent {
  readonly #endpoint: Endpoint;
  readonly #open = new Set<Duplex>();
  readonly #idle = new WeakMap<Duplex, NodeJS.Timeout>();
  #mask: SecretMask | undefined;

  constructor(endpoint: Endpoint) {
    super({ keepAlive: endpoint.connection.kind !== "socket" });
    this.#endpoint = endpoint;
  }

  /** Headers of each request, in addition to its own. */
  get headers(): DaemonHeaders {
    return this.#endpoint.headers ?? {};
  }

  /** Takes the secrets out of the daemon's words that it was sent as headers. */
  hide(words: string): string {
    return (this.#mask ??= new SecretMask(headerSecrets(this.headers))).hide(words);
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback: (error: Error | null, stream: Duplex) => void,
  ): Duplex | undefined {
    try {
      const stream = this.#connect();
      this.#open.add(stream);
      stream.once("close", () => this.#open.delete(stream));
      return stream;
    } catch (error) {
      // An invalid PEM key throws immediately; if this method threw it, the request's error handlers would not receive
      // it.
      callback(error instanceof Error ? error : new Error(String(error)), undefined as never);
      return undefined;
    }
  }

  override keepSocketAlive(stream: Duplex): boolean {
    super.keepSocketAlive(stream);
    this.#idle.set(stream, setTimeout(() => stream.destroy(), idleMs).unref());
    return true;
  }

  override reuseSocket(stream: Duplex, ...rest: [Parameters<Agent["reuseSocket"]>[1]]): void {
    clearTimeout(this.#idle.get(stream));
    super.reuseSocket(stream, ...rest);
  }

  override destroy(): void {
    super.destroy();
    for (const stream of this.#open) stream.destroy();
  }

  #connect(): Duplex {
    const { connection } = this.#endpoint;
    switch (connection.kind) {
      case "socket":
        return connect({ path: connection.path });
      case "tcp": {
        const { host, port, tls } = connection;
        return tls ? connectTls({ host, port, ...tls }) : connect({ host, port, noDelay: true });
      }
      case "ssh":
        return new SshStream(connection, this.#endpoint);
    }
  }
}
