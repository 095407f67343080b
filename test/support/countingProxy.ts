import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { given } from "./engine";
import { temporaryFolder } from "./folder";

/** Stands before the daemon of the tests and counts what clients send. */
export class CountingProxy {
  bytesUp = 0;
  readonly dockerHost: string;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    socketPath: string,
  ) {
    this.dockerHost = `unix://${socketPath}`;
    server.on("connection", (client: Socket) => {
      const daemon = connect(given("DOCKER_HOST").replace("unix://", ""));
      client.on("data", (chunk) => (this.bytesUp += chunk.length));
      for (const [one, other] of [[client, daemon], [daemon, client]] as const) {
        this.#sockets.add(one);
        one.on("error", () => other.destroy()).on("close", () => other.destroy()).pipe(other);
      }
    });
  }

  static async start(): Promise<CountingProxy> {
    const socketPath = join(temporaryFolder(), "docker.sock");
    const server = createServer({ allowHalfOpen: true });
    await once(server.listen(socketPath), "listening");
    return new CountingProxy(server, socketPath);
  }

  /** The bytes that clients send while something is done. */
  async during(what: () => Promise<unknown>): Promise<number> {
    const before = this.bytesUp;
    await what();
    return this.bytesUp - before;
  }

  /** Ends it, with all connections. */
  async stop(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, "close");
  }
}
