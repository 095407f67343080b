import { connect, createServer, type Server } from "node:net";

/** Proxy in front of a daemon's socket that counts the bytes that clients send. */
export class CountingProxy {
  sentBytes = 0;
  readonly #server: Server;

  private constructor(socket: string) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const daemon = connect({ path: socket, allowHalfOpen: true });
      client.on("data", (bytes: Buffer) => (this.sentBytes += bytes.length));
      client.pipe(daemon).pipe(client);
      client.on("error", () => daemon.destroy());
      daemon.on("error", () => client.destroy());
    });
  }

  /**
   * Starts a proxy for a daemon's socket.
   *
   * @param at path of the socket that the proxy listens on
   */
  static async before(socket: string, at: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(socket);
    await new Promise<void>((resolve) => proxy.#server.listen(at, resolve));
    return proxy;
  }

  close(): void {
    this.#server.close();
  }
}
