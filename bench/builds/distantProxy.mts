import { connect, createServer, type Server, type Socket } from "node:net";

/** Proxy in front of a daemon's socket through which everything takes as long as over a distance. */
export class DistantProxy {
  readonly #server: Server;

  private constructor(socket: string, roundTripMs: number) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const daemon = connect({ path: socket, allowHalfOpen: true });
      passLate(client, daemon, roundTripMs / 2);
      passLate(daemon, client, roundTripMs / 2);
    });
  }

  /**
   * Starts a proxy for a daemon's socket.
   *
   * @param at path of the socket that the proxy listens on
   */
  static async before(socket: string, at: string, roundTripMs: number): Promise<DistantProxy> {
    const proxy = new DistantProxy(socket, roundTripMs);
    await new Promise<void>((resolve) => proxy.#server.listen(at, resolve));
    return proxy;
  }

  close(): void {
    this.#server.close();
  }
}

/** Passes all data on after a time. Timers of the same length end in order; the width of the line has no limit. */
function passLate(from: Socket, to: Socket, ms: number): void {
  from.on("data", (bytes: Buffer) => setTimeout(() => to.writable && to.write(bytes), ms));
  from.on("end", () => setTimeout(() => to.end(), ms));
  from.on("error", () => to.destroy());
}
