import { once } from "node:events";
import { request } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { socketPlace } from "./socketPlace";

/**
 * Makes the BuildKit of a Docker daemon a BuildKit daemon: each connection is one to the daemon's `/grpc`, upgraded.
 */
export class BuildkitProxy {
  readonly #server: Server;
  readonly #open = new Set<Duplex>();
  /** Connections so far. */
  connections = 0;
  address = "";

  /** @param tls makes it a TLS server */
  constructor(
    private readonly dockerHost: string,
    private readonly tls?: TlsOptions,
  ) {
    const lead = (socket: Socket): void => this.#lead(socket);
    this.#server = tls ? createTlsServer(tls, lead) : createServer(lead);
    this.#server.on("tlsClientError", () => {}); // A refused client is what some tests are about.
  }

  /** Listens on a socket, or on a port if it has TLS or one is wanted. */
  async start({ onPort = this.tls !== undefined }: { readonly onPort?: boolean } = {}): Promise<this> {
    const path = socketPlace();
    if (onPort) this.#server.listen(0, "127.0.0.1");
    else this.#server.listen(path);
    await once(this.#server, "listening");
    this.address = onPort ? `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}` : `unix://${path}`;
    return this;
  }

  /** Ends all connections, as a daemon that is killed does. */
  drop(): void {
    for (const each of this.#open) each.destroy();
  }

  async stop(): Promise<void> {
    this.drop();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  #lead(socket: Socket): void {
    this.connections++;
    this.#keep(socket);
    const asked = request({
      socketPath: this.dockerHost.replace("unix://", ""),
      path: "/grpc",
      method: "POST",
      headers: { Connection: "Upgrade", Upgrade: "h2c" },
    });
    asked.on("error", () => socket.destroy());
    asked.on("upgrade", (_answer, daemon: Socket, head: Buffer) => {
      this.#keep(daemon);
      if (head.length > 0) socket.write(head);
      for (const [one, other] of [
        [socket, daemon],
        [daemon, socket],
      ] as const)
        one.on("close", () => other.destroy()).pipe(other);
    });
    asked.end();
  }

  #keep(stream: Duplex): void {
    this.#open.add(stream);
    stream.on("error", () => {}).on("close", () => this.#open.delete(stream));
  }
}
