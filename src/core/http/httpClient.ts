import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { limitInterim } from "../border/limitInterim";
import { maxErrorBytes, readBody } from "../border/readBody";
import { ImageBuilderError } from "../base/errors";
import { checkHeader } from "./checkHeader";
import { failedAt } from "./failedPlace";
import { checkedLookup, type AddressCheck } from "./innerAddress";
import { hostOf } from "./proxy";
import { maxRedirects, nextHop, redirectOf, type Hop, type RedirectRules } from "./redirects";
import { RequestOpener, type MachineOptions } from "./requestOpener";
import { chunksOf, sendBody, type HttpBody } from "./streamedBody";
import { WaitLimit } from "./waitLimit";

/** Request to a web service. */
export interface HttpRequest extends RedirectRules {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | HttpBody;
  readonly signal?: AbortSignal;
  /**
   * Limit for the whole request including redirects, in milliseconds; for each wait if a body is streamed. Default is
   * the client's `timeoutMs`.
   */
  readonly timeoutMs?: number;
  /** Limit on the response's body; default is 16 MiB. Of an error response, only the beginning is read. */
  readonly maxBytes?: number;
  /** Whether to skip the check of the server's certificate. */
  readonly unverified?: boolean;
  /**
   * Called before connecting to an address. If a proxy connects, host names are not resolved here, so only hosts that
   * are addresses are checked.
   */
  readonly checkAddress?: AddressCheck;
}

/** Response whose body the caller reads: to its end, or until it leaves the loop. */
export interface StreamedResponse extends Omit<HttpResponse, "body"> {
  readonly body: AsyncIterable<Buffer>;
}

/** Complete response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Address of the response after redirects. */
  readonly url: URL;
}

/** Options of a client. */
export interface HttpClientOptions extends MachineOptions {
  /** Limit for requests without their own, in milliseconds; default is 20,000. */
  readonly timeoutMs?: number;
}

/** Progress of a request, for the message of a timeout. */
interface Progress {
  host: string;
  /** Step that the host has not completed yet, besides answering. */
  awaits: "" | " (no connection)" | " (TLS handshake not completed)";
}

/** A request under way, with its redirects. */
interface Exchange {
  readonly wait: WaitLimit;
  /** Aborted by the caller, and by the time limit. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

const maxResponseBytes = 16 * 2 ** 20;

/**
 * Client for web services: limits time and size, uses the proxies of the environment, and never sends a secret to a
 * host that it was not meant for.
 */
export class HttpClient {
  readonly #opener: RequestOpener;
  readonly #timeoutMs: number;

  constructor({ timeoutMs = 20_000, ...machine }: HttpClientOptions = {}) {
    this.#opener = new RequestOpener(machine);
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends a request and reads the response, regardless of its status.
   *
   * @throws ImageBuilderError `requestFailed` if no response arrives in time, or if it is too large or redirects to a
   * place that is not allowed; Node's own errors of sockets and TLS; the signal's reason when aborted
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const exchange = this.#begin(request);
    try {
      const { incoming, url } = await this.#follow(request, exchange);
      const body = await collect(incoming, request.maxBytes ?? maxResponseBytes, url).catch((error: unknown) => {
        throw placed(error, request, exchange.progress);
      });
      return { status: incoming.statusCode ?? 0, headers: incoming.headers, body, url };
    } catch (error) {
      throw this.#timeoutOr(error, request, exchange);
    } finally {
      exchange.wait.end();
    }
  }

  /**
   * Sends a request and leaves the body to the caller, regardless of its size. The time limit starts again with each
   * chunk.
   *
   * @throws as `send`
   */
  async open(request: HttpRequest): Promise<StreamedResponse> {
    const exchange = this.#begin(request);
    const telling = (error: unknown): unknown =>
      this.#timeoutOr(placed(error, request, exchange.progress), request, exchange);
    try {
      const { incoming, url } = await this.#follow(request, exchange);
      const body = chunksOf(incoming, exchange.wait, telling);
      return { status: incoming.statusCode ?? 0, headers: incoming.headers, body, url };
    } catch (error) {
      exchange.wait.end();
      throw telling(error);
    }
  }

  #begin(request: HttpRequest): Exchange {
    const wait = new WaitLimit(request.timeoutMs ?? this.#timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, wait.signal]) : wait.signal;
    return { wait, signal, progress: { host: request.url.host, awaits: "" } };
  }

  #timeoutOr(error: unknown, request: HttpRequest, { wait, progress }: Exchange): unknown {
    const { signal, url, timeoutMs = this.#timeoutMs } = request;
    if (signal?.aborted) return signal.reason;
    if (!wait.signal.aborted) return error;
    const leads = progress.host === url.host ? "" : `, to which ${url.host} redirects,`;
    return new ImageBuilderError(
      "requestFailed",
      `${progress.host}${leads} did not answer within ${timeoutMs / 1000} s${progress.awaits}. ` +
        "Check that it is reachable from this machine.",
      { cause: error },
    );
  }

  /** Sends a request, and again for each redirect, until the final response arrives. */
  async #follow(
    request: HttpRequest,
    exchange: Exchange,
  ): Promise<{ readonly incoming: IncomingMessage; readonly url: URL }> {
    const { progress } = exchange;
    let hop: Hop = { url: request.url, headers: request.headers ?? {}, unverified: request.unverified ?? false };
    for (let redirects = 0; ; redirects++) {
      progress.host = hop.url.host;
      const incoming = await this.#exchange({ ...request, ...hop }, exchange).catch((error: unknown) => {
        throw placed(error, request, progress);
      });
      const location = redirectOf(incoming, request.method);
      if (location === undefined) return { incoming, url: hop.url };
      incoming.destroy();
      if (redirects === maxRedirects)
        throw new ImageBuilderError(
          "requestFailed",
          `${request.url.host} redirects in a loop. Check that its address is correct.`,
        );
      hop = nextHop(location, hop, request);
    }
  }

  async #exchange(
    { url, method = "GET", headers = {}, body, unverified, checkAddress }: HttpRequest,
    { wait, signal, progress }: Exchange,
  ): Promise<IncomingMessage> {
    signal.throwIfAborted();
    const host = hostOf(url);
    // IP addresses are not looked up, so `lookup` would not check them.
    if (isIP(host)) checkAddress?.(host, host);
    const sizeBytes = typeof body === "string" ? Buffer.byteLength(body) : body?.sizeBytes;
    const sent = { ...headers, ...(sizeBytes !== undefined && { "content-length": String(sizeBytes) }) };
    for (const [name, value] of Object.entries(sent)) checkHeader(name, value, url);
    const outgoing = await this.#opener.open(
      url,
      { method, headers: sent, signal, ...(checkAddress && { lookup: checkedLookup(checkAddress) }) },
      unverified ?? false,
    );
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      limitInterim(outgoing);
      outgoing.on("error", reject);
      outgoing.once("socket", (socket) => {
        const afterConnect = url.protocol === "https:" ? " (TLS handshake not completed)" : "";
        progress.awaits = socket.connecting ? " (no connection)" : afterConnect;
        socket.once("connect", () => (progress.awaits = afterConnect));
        socket.once("secureConnect", () => (progress.awaits = ""));
      });
      outgoing.once("response", (incoming) => {
        isAnswered = true;
        resolve(incoming);
      });
      // Node emits no other event if the server switches to a protocol that was not requested.
      outgoing.once("close", () => {
        if (!isAnswered)
          reject(
            new ImageBuilderError(
              "requestFailed",
              `${url.host} closed the connection without an answer. Check that its address is correct.`,
            ),
          );
      });
      if (typeof body !== "object") outgoing.end(body);
      else
        sendBody(
          body,
          outgoing,
          () => isAnswered,
          () => wait.renew(),
        ).catch((error: unknown) => {
          outgoing.destroy();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  }
}

/** Notes at which host a request failed. */
function placed(error: unknown, { url }: HttpRequest, { host }: Progress): unknown {
  return failedAt(error, { host, role: host === url.host ? "asked" : "redirected" });
}

/** Reads a body; of an error, only its beginning, because the message is there and the rest may be of any length. */
async function collect(incoming: IncomingMessage, maxBytes: number, url: URL): Promise<Buffer> {
  const isError = (incoming.statusCode ?? 0) >= 400;
  const { bytes, isCut } = await readBody(incoming, isError ? maxErrorBytes : maxBytes);
  if (!isCut || isError) return bytes;
  throw new ImageBuilderError(
    "requestFailed",
    `The response from ${url.host} is larger than ${Math.round(maxBytes / 2 ** 20)} MiB. ` +
      "Check that its address is correct.",
  );
}
