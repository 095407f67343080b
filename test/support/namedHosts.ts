import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";
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
 * Hosts of any name that are served on this machine, over TLS with certificates of an authority of their own: a proxy stands in for the
 * network between, as in many companies.
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

  /** Serves a name by code, or by the server at an address such as `127.0.0.1:5000`. */
  serve(host: string, by: Answering | string): void {
    this.#hosts.set(host, by);
  }

  /** What makes a program of this machine find the hosts and trust them. */
  get env(): NodeJS.ProcessEnv {
    return { HTTPS_PROXY: `http://127.0.0.1:${(this.#proxy.address() as AddressInfo).port}`, SSL_CERT_FILE: this.authority.certificate };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#proxy.close();
    await once(this.#proxy, "close");
  }

  #connect(authority: string, socket: Socket): void {
    this.#sockets.add(socket);
    const host = authority.replace(/:443$/, "");
    if (!this.#hosts.has(host)) return void socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    const secure = new TLSSocket(socket, { isServer: true, secureContext: this.#certificateOf(host) });
    secure.on("error", () => socket.destroy());
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

  async #handle(incoming: IncomingMessage, answer: Parameters<RequestListener>[1]): Promise<void> {
    let body = "";
    for await (const chunk of incoming.setEncoding("utf8") as AsyncIterable<string>) body += chunk;
    const { method = "", url = "", headers } = incoming;
    const host = headers.host ?? "";
    const seen: SeenRequest = { host, method, url, authorization: headers.authorization, headers: headers as SeenRequest["headers"], body };
    this.seen.push(seen);
    const by = this.#hosts.get(host);
    if (typeof by === "string") {
      const [hostname, port] = by.split(":");
      request({ host: hostname, port, method, path: url, headers }, (real) => real.pipe(answer.writeHead(real.statusCode ?? 502, real.headers))).end(body);
      return;
    }
    const told = by?.(seen, incoming) ?? { status: 502 };
    const text = typeof told.body === "object" ? JSON.stringify(told.body) : (told.body ?? "");
    answer.writeHead(told.status, { ...(typeof told.body === "object" && { "content-type": "application/json" }), ...told.headers }).end(text);
  }
}
