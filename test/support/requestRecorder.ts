import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { given } from "./engine";
import { temporaryFolder } from "./folder";

/** A request of HTTP/1.1 as a client has sent it. */
export interface RecordedRequest {
  /** Without its query, and without the version of the API. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

const heads = /(?:GET|POST|HEAD|PUT|DELETE) (\/\S*) HTTP\/1\.1\r\n([^]*?)\r\n\r\n/g;
const buildArg = /build-arg:([A-Za-z_]+)\x12/g;

/** Stands before the daemon of the tests and keeps what each connection sends. */
export class RequestRecorder {
  readonly dockerHost: string;
  readonly #sent: Buffer[][] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    socketPath: string,
  ) {
    this.dockerHost = `unix://${socketPath}`;
    server.on("connection", (client: Socket) => {
      const kept: Buffer[] = [];
      this.#sent.push(kept);
      client.on("data", (chunk: Buffer) => kept.push(chunk));
      const daemon = connect({ path: given("DOCKER_HOST").replace("unix://", ""), allowHalfOpen: true });
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

  static async start(): Promise<RequestRecorder> {
    const socketPath = join(temporaryFolder(), "docker.sock");
    const server = createServer({ allowHalfOpen: true });
    await once(server.listen(socketPath), "listening");
    return new RequestRecorder(server, socketPath);
  }

  /** Forgets what was sent so far. */
  clear(): void {
    this.#sent.length = 0;
  }

  /** The requests since then. */
  requests(): RecordedRequest[] {
    return this.#texts().flatMap((text) =>
      [...text.matchAll(heads)].map(([, target = "", lines = ""]) => {
        const url = new URL(target, "http://docker");
        const headers = lines.split("\r\n").map((line): [string, string] => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        });
        return { path: url.pathname.replace(/^\/v[\d.]+\//, "/"), query: url.searchParams, headers: new Map(headers) };
      }),
    );
  }

  /** The build arguments of all builds since then, by BuildKit's API and by the classic builder's. */
  buildArgs(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const text of this.#texts()) {
      for (const match of text.matchAll(buildArg)) {
        const at = match.index + match[0].length;
        found[match[1] ?? ""] = text.slice(at + 1, at + 1 + text.charCodeAt(at));
      }
    }
    const queries = this.requests().flatMap(({ query }) => query.get("buildargs") ?? []);
    return Object.assign(found, ...queries.map((query) => JSON.parse(query) as object));
  }

  /** Ends it, with all connections. */
  async stop(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    this.server.close();
    await once(this.server, "close");
  }

  #texts(): string[] {
    return this.#sent.map((chunks) => Buffer.concat(chunks).toString("latin1"));
  }
}
