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
 * What a request names as its socket beside the agent, which alone decides where the connection leads. VS Code replaces
 * the agent of every request in its extension host by its proxy's, except of those to a socket.
 */
export const agentSocket = "docker";

/**
 * Opens every connection to one daemon, whatever way leads there: `http.request({ agent, socketPath: agentSocket, path
 * })` speaks to it over a socket, TCP, TLS or ssh alike, and so does all that takes an agent.
 *
 * Connections are kept for the next request for 30 s, except local ones, which cost nothing. `destroy` ends them all,
 * upgraded ones too.
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

  /** What goes with each request, besides its own headers. */
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
      // A key that is no PEM text throws at once; thrown from here it would pass the request's error handlers by.
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
