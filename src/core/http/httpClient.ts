import {
  request as requestPlain,
  validateHeaderName,
  validateHeaderValue,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { request as requestSecure } from "node:https";
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { limitInterim } from "../border/limitInterim";
import { maxErrorBytes, readBody } from "../border/readBody";
import { ImageBuilderError } from "../base/errors";
import { failedAt } from "./failedPlace";
import { checkedLookup, type AddressCheck } from "./innerAddress";
import { hostOf, proxyFor, proxyHeaders, serverNameOf, tunnel } from "./proxy";
import { chunksOf, sendBody, type HttpBody } from "./streamedBody";
import { certificateFolders, trustFor, type Trust } from "./trust";
import { WaitLimit } from "./waitLimit";

/** Request to a web service. */
export interface HttpRequest {
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
  /** Whether that goes for the servers that it redirects to, too, which then may be without TLS. */
  readonly unverifiedRedirects?: boolean;
  /**
   * Called before connecting to an address. If a proxy connects, host names are not resolved here, so only hosts that
   * are addresses are checked.
   */
  readonly checkAddress?: AddressCheck;
  /** Whether a redirect to another origin is an error. */
  readonly sameOrigin?: boolean;
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

/** Options of the machine that a client uses. */
export interface HttpClientOptions {
  /** Source of proxies and `SSL_CERT_FILE`; default is `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folders of certificates; default is Docker's. */
  readonly certificateFolders?: readonly string[];
  /** Limit for requests without their own, in milliseconds; default is 20,000. */
  readonly timeoutMs?: number;
}

/** How far a request has come, for the message of one that takes too long. */
interface Progress {
  host: string;
  /** What the host has not done yet, besides answering. */
  awaits: "" | " (no connection)" | " (TLS handshake not completed)";
}

/** A request under way, with its redirects. */
interface Exchange {
  readonly wait: WaitLimit;
  /** Aborted by the caller, and by the time limit. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

const maxRedirects = 5;
const maxResponseBytes = 16 * 2 ** 20;
/** Headers that contain a login, for messages. */
const secretHeaders = new Set(["authorization", "cookie", "proxy-authorization"]);
/**
 * Headers that are kept when redirected to another origin. Clouds use their own headers for tokens, and so may any
 * service.
 */
const harmlessHeaders = new Set(["accept", "accept-encoding", "accept-language", "range", "user-agent"]);

/**
 * Client for web services: limits time and size, uses the proxies of the environment, and never sends a secret to a
 * host that it was not meant for.
 */
export class HttpClient {
  readonly #env: NodeJS.ProcessEnv;
  readonly #folders: readonly string[];
  readonly #timeoutMs: number;
  readonly #trust = new Map<string, Promise<Trust>>();

  constructor({ env = process.env, certificateFolders: folders, timeoutMs = 20_000 }: HttpClientOptions = {}) {
    this.#env = env;
    this.#folders = folders ?? certificateFolders(env);
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

  /** Follows redirects of GET and HEAD only: a body is meant for the host that it was sent to. */
  async #follow(
    request: HttpRequest,
    exchange: Exchange,
  ): Promise<{ readonly incoming: IncomingMessage; readonly url: URL }> {
    const { progress } = exchange;
    let { url, headers = {}, unverified = false } = request;
    for (let redirects = 0; ; redirects++) {
      progress.host = url.host;
      const hop = { ...request, url, headers, unverified };
      const incoming = await this.#exchange(hop, exchange).catch((error: unknown) => {
        throw placed(error, request, progress);
      });
      const location = incoming.headers.location;
      const isRedirect =
        [301, 302, 303, 307, 308].includes(incoming.statusCode ?? 0) &&
        ["GET", "HEAD"].includes(request.method ?? "GET");
      if (!isRedirect || location === undefined) return { incoming, url };
      incoming.destroy();
      const next = redirectTarget(location, url);
      if (redirects === maxRedirects)
        throw new ImageBuilderError(
          "requestFailed",
          `${request.url.host} redirects in a loop. Check that its address is correct.`,
        );
      if (next.protocol !== "https:" && url.protocol === "https:" && !request.unverifiedRedirects) {
        const error = new ImageBuilderError(
          "requestFailed",
          `${url.host} redirects to ${next.protocol}//${next.host}, which is not secure. ` +
            "Check that its address is correct.",
        );
        throw failedAt(error, { host: next.host, role: "redirected" });
      }
      if (next.origin !== url.origin && request.sameOrigin) {
        throw new ImageBuilderError(
          "requestFailed",
          `${url.host} redirects to ${next.host}, but credentials aren't sent to another host. ` +
            "Check that its address is correct.",
        );
      }
      if (next.origin !== url.origin) {
        headers = Object.fromEntries(
          Object.entries(headers).filter(([name]) => harmlessHeaders.has(name.toLowerCase())),
        );
        unverified = request.unverifiedRedirects ?? false;
      }
      url = next;
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
    const outgoing = await this.#open(
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

  async #open(url: URL, options: RequestOptions, unverified: boolean): Promise<ClientRequest> {
    const proxy = proxyFor(url, this.#env);
    if (url.protocol === "http:") {
      if (!proxy) return requestPlain(url, { ...options, agent: false });
      const place = { host: hostOf(proxy), port: proxy.port || 80, path: url.href };
      // The check is about the service, and would refuse a proxy on this machine.
      return requestPlain({
        ...options,
        ...place,
        lookup: undefined,
        agent: false,
        headers: { host: url.host, ...(options.headers as Record<string, string>), ...proxyHeaders(proxy) },
      });
    }
    const trust = unverified ? { rejectUnauthorized: false } : await this.#trustIn(url.host);
    if (!proxy) return requestSecure(url, { ...options, ...trust, agent: false });
    const socket = await tunnel(proxy, url, options.signal ?? AbortSignal.timeout(this.#timeoutMs)).catch(
      (error: unknown) => {
        throw failedAt(error, { host: proxy.host, role: "proxy" });
      },
    );
    return requestSecure(url, {
      ...options,
      ...trust,
      defaultPort: 443,
      createConnection: () => connectTls({ socket, ...serverNameOf(url), host: hostOf(url), ...trust }),
    });
  }

  #trustIn(host: string): Promise<Trust> {
    const known = this.#trust.get(host);
    if (known) return known;
    const trust = trustFor(host, { env: this.#env, folders: this.#folders });
    this.#trust.set(host, trust);
    trust.catch(() => this.#trust.delete(host)); // Allows fixed files to be used without a restart.
    return trust;
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

function redirectTarget(location: string, url: URL): URL {
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next && /^https?:$/.test(next.protocol)) return next;
  throw new ImageBuilderError(
    "requestFailed",
    `${url.host} redirects to an invalid web address. Check that its own address is correct.`,
  );
}

/**
 * Checks a header, whose value may come from a stored login or another service; Node's own error would only name the
 * header.
 *
 * @throws ImageBuilderError `requestFailed`
 */
function checkHeader(name: string, value: string, url: URL): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    const what = secretHeaders.has(name.toLowerCase()) ? "login" : "request";
    throw new ImageBuilderError(
      "requestFailed",
      `The ${what} for ${url.host} contains a character that can't be sent, such as a line break. ` +
        "Check where the value comes from.",
    );
  }
}
