import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** Takes connections and never says anything, as a registry behind a broken balancer does. */
export class SilentServer {
  /** The connections that are open. */
  readonly connections = new Set<Socket>();

  /** How many connections there were. */
  taken = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SilentServer> {
    const server = createServer((socket) => {
      silent.taken++;
      silent.connections.add(socket);
      socket
        .on("error", () => undefined)
        .on("close", () => silent.connections.delete(socket))
        .resume();
    });
    const silent = new SilentServer(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return silent;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }
}
