import { once } from "node:events";
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** What happens to the requests it fits; the first that fits counts. */
export interface FaultRule {
  readonly method?: string;
  /** Fits anywhere in the path with its query. */
  readonly path?: RegExp;
  /** How often it happens; always, if not given. */
  readonly times?: number;
  /**
   * `status` answers without asking the server; `reset` breaks the connection, once `afterBytes` of the request's body
   * have passed; `hang` never answers.
   */
  readonly fault:
    | {
        readonly kind: "status";
        readonly status: number;
        readonly body?: string;
        readonly headers?: Readonly<Record<string, string>>;
      }
    | { readonly kind: "reset"; readonly afterBytes?: number }
    | { readonly kind: "hang" };
}

/** Stands between a client and a real HTTP server, such as a daemon and its registry, and makes faults on demand. */
export class FaultProxy {
  /** What was asked, as `METHOD path`, in order. */
  readonly requests: string[] = [];
  /** Bytes per second that request bodies pass with; unlimited, if not set. */
  uploadRate: number | undefined;
  readonly #server: Server;
  readonly #agent = new Agent();
  #rules: { readonly rule: FaultRule; left: number }[] = [];

  private constructor(private readonly target: string) {
    this.#server = createServer((incoming, answer) => {
      this.#handle(incoming, answer).catch(() => answer.destroy());
    });
  }

  /** @param target host and port of the real server */
  static async start(target: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await once(proxy.#server.listen(0, "127.0.0.1"), "listening");
    return proxy;
  }

  /** Host and port to use in the real server's place. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Replaces all rules; without any it only passes on. */
  setRules(...rules: readonly FaultRule[]): void {
    this.#rules = rules.map((rule) => ({ rule, left: rule.times ?? Infinity }));
  }

  /** Ends it, with all connections. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#agent.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = "", url = "" } = incoming;
    this.requests.push(`${method} ${url}`);
    const fault = this.#faultFor(method, url);
    if (fault?.kind === "hang") return;
    if (fault?.kind === "status") {
      incoming.resume();
      answer.writeHead(fault.status, { "content-type": "application/json", ...fault.headers }).end(fault.body);
      return;
    }
    if (fault && !fault.afterBytes) {
      incoming.socket.resetAndDestroy();
      return;
    }
    await this.#forward(incoming, answer, fault?.afterBytes);
  }

  #faultFor(method: string, url: string): FaultRule["fault"] | undefined {
    const found = this.#rules.find(
      ({ rule, left }) => left > 0 && (rule.method ?? method) === method && (rule.path?.test(url) ?? true),
    );
    if (found) found.left--;
    return found?.rule.fault;
  }

  async #forward(incoming: IncomingMessage, answer: ServerResponse, resetAfterBytes = Infinity): Promise<void> {
    const { method, url: path, headers } = incoming;
    const [host, port] = this.target.split(":");
    // The host header stays the client's, so that the server's redirects lead back here.
    const outgoing = request({ host, port, method, path, headers, agent: this.#agent }, (real) => {
      answer.writeHead(real.statusCode ?? 502, real.headers);
      real.pipe(answer);
      real.once("error", () => answer.destroy());
    });
    outgoing.once("error", () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
    answer.once("close", () => outgoing.destroy());
    const isWhole = await pass(incoming, outgoing, this.uploadRate, resetAfterBytes);
    if (!isWhole) {
      incoming.socket.resetAndDestroy();
      outgoing.destroy();
    }
  }
}

/** Copies a body at a rate; false when it stopped because `limit` bytes had passed. */
async function pass(from: Readable, to: Writable, rate = Infinity, limit: number): Promise<boolean> {
  const begun = performance.now();
  let passed = 0;
  for await (const chunk of from as AsyncIterable<Buffer>) {
    passed += chunk.length;
    if (passed > limit) return false;
    if (!to.write(chunk)) await drained(to);
    const aheadMs = (passed / rate) * 1000 - (performance.now() - begun);
    if (aheadMs > 5) await sleep(aheadMs);
  }
  to.end();
  return true;
}

/** Resolves when there is room again, or nobody reads any more. */
function drained(to: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      to.off("drain", done).off("close", done);
      resolve();
    };
    to.on("drain", done).on("close", done);
  });
}
