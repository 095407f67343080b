import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { given } from "./engine";
import { temporaryFolder } from "./folder";

/** Stands before the daemon of the tests and counts what clients send. */
export class CountingProxy {
  bytesUp = 0;
  /** What clients have sent, if it is to be kept. */
  kept: Buffer[] | undefined;
  readonly dockerHost: string;
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    socketPath: string,
  ) {
    this.dockerHost = `unix://${socketPath}`;
    server.on("connection", (client: Socket) => {
      const daemon = connect(given("DOCKER_HOST").replace("unix://", ""));
      client.on("data", (chunk: Buffer) => {
        this.bytesUp += chunk.length;
        this.kept?.push(chunk);
      });
      for (const [one, other] of [
        [client, daemon],
        [daemon, client],
      ] as const) {
        this.#sockets.add(one);
        one
          .on("error", () => other.destroy())
          .on("close", () => other.destroy())
          .pipe(other);
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

  /** How often a text was sent, plain or in base64, while something was done. */
  async countDuring(text: string, what: () => Promise<unknown>): Promise<number> {
    const kept: Buffer[] = (this.kept = []);
    await what().finally(() => (this.kept = undefined));
    const all = Buffer.concat(kept).toString("latin1");
    return [text, Buffer.from(text).toString("base64").replace(/=+$/, "")].reduce(
      (count, form) => count + all.split(form).length - 1,
      0,
    );
  }

  /** Ends it, with all connections. */
  async stop(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, "close");
  }
}
