import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { Transform, type TransformCallback } from "node:stream";
import type { AddressInfo } from "node:net";

/** What happens to the connections whose first request it fits; the first that fits counts. */
export interface ConnectionFault {
  /** Fits the request's line, such as `POST /session HTTP/1.1`; every one, if not given. */
  readonly request?: RegExp;
  /** How often it happens; always, if not given. */
  readonly times?: number;
  /** Which bytes count: those of the client or those of the server, which is the default. */
  readonly from?: "client" | "server";
  /** How many of them still pass; none, if not given. */
  readonly afterBytes?: number;
  /**
   * `cut` ends the connection both ways, `stall` keeps it open and lets nothing more pass that way; text is the answer
   * in the server's place.
   */
  readonly fault: "cut" | "stall" | { readonly answer: string };
}

/**
 * Stands between a client and a server that listens on a socket, such as the Docker daemon, and breaks connections,
 * upgraded ones too.
 */
export class ConnectionProxy {
  /** The request's line of every connection, in order. */
  readonly requests: string[] = [];
  /** Bytes per second that pass each way on each connection; unlimited, if not set. */
  rate: number | undefined;
  readonly #server: Server;
  /** With the line of the request that opened it, once that is known. */
  readonly #clients = new Map<Socket, string>();
  /** Lets go on what stands still. */
  readonly #stalled: (() => void)[] = [];
  #faults: { readonly fault: ConnectionFault; left: number }[] = [];

  private constructor(private readonly target: string) {
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /**
   * @param target path of the real server's socket
   * @param place path of the socket to listen on; a TCP port of this machine, if not given
   */
  static async start(target: string, place?: string): Promise<ConnectionProxy> {
    const proxy = new ConnectionProxy(target);
    if (place === undefined) proxy.#server.listen(0, "127.0.0.1");
    else proxy.#server.listen(place);
    await once(proxy.#server, "listening");
    return proxy;
  }

  /** What `DOCKER_HOST` is set to in the real daemon's place. */
  get dockerHost(): string {
    const address = this.#server.address() as AddressInfo | string;
    return typeof address === "string" ? `unix://${address}` : `tcp://127.0.0.1:${address.port}`;
  }

  /** How many connections the client keeps open. */
  get connections(): number {
    return this.#clients.size;
  }

  /** How many ways stand still. */
  get stalled(): number {
    return this.#stalled.length;
  }

  /** Replaces all faults; without any it only passes on. What stands still is read to its end, and goes nowhere. */
  setFaults(...faults: readonly ConnectionFault[]): void {
    for (const release of this.#stalled.splice(0)) release();
    this.#faults = faults.map((fault) => ({ fault, left: fault.times ?? Infinity }));
  }

  /** Ends the open connections whose first request fits; every one, if nothing is given. */
  cut(request = /^/): void {
    for (const [client, line] of this.#clients) if (request.test(line)) client.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    this.#clients.set(client, "");
    client.on("error", () => {}).on("close", () => this.#clients.delete(client));
    client.once("readable", () => {
      const head = client.read() as Buffer | null;
      if (head === null) return void client.destroy();
      client.unshift(head);
      const [line = ""] = head.toString("latin1").split("\r\n");
      this.requests.push(line);
      this.#clients.set(client, line);
      this.#lead(client, this.#faultFor(line));
    });
  }

  #faultFor(line: string): ConnectionFault | undefined {
    const found = this.#faults.find(({ fault, left }) => left > 0 && (fault.request?.test(line) ?? true));
    if (found) found.left--;
    return found?.fault;
  }

  #lead(client: Socket, fault: ConnectionFault | undefined): void {
    if (typeof fault?.fault === "object") return void client.resume().end(fault.fault.answer);
    const server = connect({ path: this.target, allowHalfOpen: true });
    server.on("error", () => {}).on("close", () => client.destroy());
    client.on("close", () => server.destroy());
    const cut = (): void => void (client.destroy(), server.destroy());
    client.pipe(this.#meter(fault?.from === "client" ? fault : undefined, cut)).pipe(server);
    server.pipe(this.#meter(fault?.from === "client" ? undefined : fault, cut)).pipe(client);
  }

  /** Lets bytes pass at the rate, until the fault. */
  #meter(fault: ConnectionFault | undefined, cut: () => void): Transform {
    let left = fault ? (fault.afterBytes ?? 0) : Infinity;
    let hasStruck = false;
    const transform = (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void => {
      if (hasStruck) return done();
      const passing = chunk.length > left ? chunk.subarray(0, left) : chunk;
      left -= passing.length;
      meter.push(passing);
      if (left > 0) return void setTimeout(done, this.rate === undefined ? 0 : (1000 * passing.length) / this.rate);
      hasStruck = true;
      if (fault?.fault === "cut") setImmediate(cut);
      else this.#stalled.push(done);
    };
    const meter = new Transform({ transform });
    return meter;
  }
}
