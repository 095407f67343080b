import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Endpoint } from "../../src/core/transport/endpoint";
import { socketAddress, socketPlace } from "./socketPlace";

/** The request that an answer is for. */
export interface HostileRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

interface Head {
  /** Default is 200. */
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
}

/**
 * `whole` is an ordinary answer; `endless` sends its body again and again; `drip` sends one byte of it at a time, for
 * ever; `cut` promises more than it sends and closes the connection; `raw` sends bytes that need not be HTTP; `silent`
 * sends nothing.
 */
export type HostileAnswer =
  | (Head & { readonly kind: "whole"; readonly body?: string | Buffer })
  | (Head & { readonly kind: "endless"; readonly body?: string | Buffer })
  | (Head & { readonly kind: "drip"; readonly everyMs?: number })
  | (Head & { readonly kind: "cut"; readonly body: string | Buffer })
  | { readonly kind: "raw"; readonly bytes: string | Buffer }
  | { readonly kind: "silent" };

/** Answers as no honest daemon, registry or token service does, over a real socket. */
export class HostileServer {
  /** Bytes of bodies that clients took. */
  sentBytes = 0;
  /** What was asked, as `METHOD url`, in order. */
  readonly requests: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly socketPath: string | undefined,
  ) {}

  /** @param socket listens on a Unix socket in a temporary folder, as a daemon does, instead of on loopback */
  static async start(
    answer: (request: HostileRequest) => HostileAnswer,
    { socket = false } = {},
  ): Promise<HostileServer> {
    const server = createServer((incoming, response) => {
      const { method = "", url = "", headers } = incoming;
      hostile.requests.push(`${method} ${url}`);
      hostile.#send(answer({ method, url, headers }), incoming, response);
    });
    server.on("clientError", (_error, stream) => stream.destroy());
    const socketPath = socket ? socketPlace() : undefined;
    const hostile: HostileServer = new HostileServer(server, socketPath);
    await once(socketPath === undefined ? server.listen(0, "127.0.0.1") : server.listen(socketPath), "listening");
    return hostile;
  }

  /** Host and port. */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The way to it as to a daemon. */
  get endpoint(): Endpoint {
    if (this.socketPath !== undefined)
      return {
        address: socketAddress(this.socketPath),
        source: "the test",
        connection: { kind: "socket", path: this.socketPath },
      };
    const { port } = this.server.address() as AddressInfo;
    return {
      address: `tcp://127.0.0.1:${port}`,
      source: "the test",
      connection: { kind: "tcp", host: "127.0.0.1", port },
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  #send(given: HostileAnswer, incoming: IncomingMessage, response: ServerResponse): void {
    incoming.resume();
    response.on("error", () => undefined);
    if (given.kind === "silent") return;
    if (given.kind === "raw") {
      response.socket?.end(given.bytes);
      return;
    }
    const { status = 200, headers } = given;
    if (given.kind === "whole") {
      this.sentBytes += Buffer.byteLength(given.body ?? "");
      response.writeHead(status, headers).end(given.body);
      return;
    }
    if (given.kind === "cut") {
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(given.body) + 1 });
      response.write(given.body, () => response.socket?.destroy());
      return;
    }
    response.writeHead(status, headers);
    // Node takes a body for it, however long, and drops it.
    if (incoming.method === "HEAD") return void response.end();
    if (given.kind === "drip") {
      const timer = setInterval(() => response.write("x"), given.everyMs ?? 10);
      response.once("close", () => clearInterval(timer));
      return;
    }
    const body = Buffer.from(given.body ?? "x");
    const chunk = Buffer.alloc(Math.ceil((64 * 1024) / body.length) * body.length, body);
    const more = (): void => {
      while (!response.destroyed) {
        this.sentBytes += chunk.length;
        if (!response.write(chunk)) return void response.once("drain", more);
      }
    };
    more();
  }
}
