import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createSecureContext, TLSSocket, type SecureContext, type TLSSocketOptions } from "node:tls";
import type { Authority } from "./certificates";

/** What one of the hosts was asked. */
export interface SeenRequest {
  readonly host: string;
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What a host answers; an object is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

/** Answers by code instead of a real server; the body has been read already. */
export type Answering = (seen: SeenRequest, incoming: IncomingMessage) => Answer;

/**
 * Hosts of any name that are served on this machine, over TLS with certificates of an authority of their own. A proxy
 * stands in for the network between, as in many companies; or a network namespace, in which all of them have one
 * address.
 */
export class NamedHosts {
  readonly seen: SeenRequest[] = [];
  readonly #proxy: Server;
  readonly #web: Server;
  readonly #sockets = new Set<Socket>();
  readonly #hosts = new Map<string, Answering | string>();
  readonly #certificates = new Map<string, SecureContext>();

  private constructor(private readonly authority: Authority) {
    this.#web = createServer((incoming, answer) => void this.#handle(incoming, answer));
    this.#proxy = createServer((_incoming, answer) => answer.writeHead(502).end());
    this.#proxy.on("connect", (incoming: IncomingMessage, socket: Socket) => this.#connect(incoming.url ?? "", socket));
  }

  static async start(authority: Authority): Promise<NamedHosts> {
    const hosts = new NamedHosts(authority);
    await once(hosts.#proxy.listen(0, "127.0.0.1"), "listening");
    return hosts;
  }

  /**
   * Serves a name, or all below a path of it such as `ghcr.io/token`, by code or by the server at an address such as
   * `127.0.0.1:5000`.
   */
  serve(place: string, by: Answering | string): void {
    this.#hosts.set(place, by);
  }

  /** The hosts' names, without ports. */
  get names(): string[] {
    return [...new Set([...this.#hosts.keys()].map((place) => place.replace(/[:/].*/, "")))];
  }

  /** Takes a connection to a port of one of the hosts; which one is meant is said in TLS. */
  accept(socket: Socket): void {
    this.#secure(socket, { SNICallback: (name, done) => done(null, this.#certificateOf(name)) });
  }

  /** Takes a connection to the proxy. */
  acceptProxied(socket: Socket): void {
    this.#proxy.emit("connection", socket);
  }

  /** What makes a program of this machine find the hosts and trust them. */
  get env(): NodeJS.ProcessEnv {
    return {
      HTTPS_PROXY: `http://127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`,
      SSL_CERT_FILE: this.authority.certificate,
    };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#proxy.close();
    await once(this.#proxy, "close");
  }

  #connect(authority: string, socket: Socket): void {
    const host = authority.replace(/:443$/, "");
    if (!this.names.includes(host)) return void socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    this.#secure(socket, { secureContext: this.#certificateOf(host) });
  }

  #secure(socket: Socket, options: TLSSocketOptions): void {
    this.#sockets.add(socket);
    const secure = new TLSSocket(socket, { ...options, isServer: true });
    for (const each of [socket, secure]) each.on("error", () => socket.destroy());
    this.#web.emit("connection", secure);
  }

  #certificateOf(host: string): SecureContext {
    const known = this.#certificates.get(host);
    if (known) return known;
    const { cert, key } = this.authority.sign(host, "serverAuth", `DNS:${host}`);
    const context = createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
    this.#certificates.set(host, context);
    return context;
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = incoming;
    const host = headers.host ?? "";
    const by = this.#answering(`${host}${url}`);
    const body = typeof by === "string" ? "" : await textOf(incoming);
    const seen: SeenRequest = {
      host,
      method,
      url,
      authorization: headers.authorization,
      headers: headers as SeenRequest["headers"],
      body,
    };
    this.seen.push(seen);
    if (typeof by === "string") return passOn(by, incoming, answer);
    const told = by?.(seen, incoming) ?? { status: 502 };
    const text = typeof told.body === "object" ? JSON.stringify(told.body) : (told.body ?? "");
    answer
      .writeHead(told.status, {
        ...(typeof told.body === "object" && { "content-type": "application/json" }),
        ...told.headers,
      })
      .end(text);
  }

  /** By the longest place that the address is below. */
  #answering(address: string): Answering | string | undefined {
    const places = [...this.#hosts.keys()].filter(
      (place) => address.startsWith(`${place}/`) || address.split("?")[0] === place,
    );
    return this.#hosts.get(places.sort((one, other) => other.length - one.length)[0] ?? "");
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
  return text;
}

/** Registries name their own address as they are told that it is. */
function passOn(address: string, incoming: IncomingMessage, answer: ServerResponse): void {
  const [host, port] = address.split(":");
  const headers = { ...incoming.headers, "x-forwarded-proto": "https" };
  const outgoing = request({ host, port, method: incoming.method, path: incoming.url, headers, agent: false }, (real) =>
    real.pipe(answer.writeHead(real.statusCode ?? 502, real.headers)),
  );
  outgoing.on("error", () => answer.destroy());
  incoming.pipe(outgoing);
}
