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
import { checkedLookup, type AddressCheck } from "./innerAddress";
import { proxyFor, proxyHeaders, tunnel } from "./proxy";
import { chunksOf, sendBody, type HttpBody } from "./streamedBody";
import { certificateFolders, trustFor, type Trust } from "./trust";
import { WaitLimit } from "./waitLimit";

/** One request. */
export interface HttpRequest {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | HttpBody;
  readonly signal?: AbortSignal;
  /** For the whole of it, redirects too; where bytes are streamed, for each wait. Default is 20 s. */
  readonly timeoutMs?: number;
  /** Of the answer; default is 16 MiB. Of an error only the beginning is read. */
  readonly maxBytes?: number;
  /** Whether a server need not prove who it is. */
  readonly unverified?: boolean;
  /** Asked before a connection to an address; where a proxy connects, only about hosts that are addresses. */
  readonly checkAddress?: AddressCheck;
  /** Whether a redirect to another origin is an error. */
  readonly sameOrigin?: boolean;
}

/** An answer whose body is still to be read: to its end, or up to where the loop over it is left. */
export interface StreamedResponse extends Omit<HttpResponse, "body"> {
  readonly body: AsyncIterable<Buffer>;
}

/** An answer, whole. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Where it came from in the end. */
  readonly url: URL;
}

/** What a client needs to know of the machine. */
export interface HttpClientOptions {
  /** For proxies and `SSL_CERT_FILE`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default is where Docker looks. */
  readonly certificateFolders?: readonly string[];
  /** For requests that name none; default is 20 s. */
  readonly timeoutMs?: number;
}

const maxRedirects = 5;
const maxResponseBytes = 16 * 2 ** 20;
/** What holds a login, for messages. */
const secretHeaders = new Set(["authorization", "cookie", "proxy-authorization"]);
/** What follows a redirect to another place. Clouds have headers of their own for tokens, and so may anybody. */
const harmlessHeaders = new Set(["accept", "accept-encoding", "accept-language", "range", "user-agent"]);

/**
 * Asks web services: in bounded time and size, through the proxies of the environment, and never telling a secret to a
 * host it was not meant for.
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
   * Sends a request and reads the answer, whatever its status.
   *
   * @throws ImageBuilderError `requestFailed` when no answer comes in time or it is too large; Node's own errors of
   * sockets and TLS; the signal's reason when aborted
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const isStreamed = typeof request.body === "object";
    return this.#inTime(request, isStreamed, async (signal, onBytes) => {
      const { incoming, url } = await this.#follow(request, signal, onBytes);
      const body = await collect(incoming, request.maxBytes ?? maxResponseBytes, url);
      return { status: incoming.statusCode ?? 0, headers: incoming.headers, body, url };
    });
  }

  /**
   * Sends a request and leaves the body to the caller, however large it is. The time limit counts anew with each chunk.
   *
   * @throws as `send`
   */
  async open(request: HttpRequest): Promise<StreamedResponse> {
    const wait = new WaitLimit(request.timeoutMs ?? this.#timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, wait.signal]) : wait.signal;
    const telling = (error: unknown): unknown => this.#timeoutOr(error, request, wait);
    try {
      const { incoming, url } = await this.#follow(request, signal, () => wait.renew());
      const body = chunksOf(incoming, wait, telling);
      return { status: incoming.statusCode ?? 0, headers: incoming.headers, body, url };
    } catch (error) {
      wait.end();
      throw telling(error);
    }
  }

  async #inTime<Result>(
    request: HttpRequest,
    isRenewed: boolean,
    work: (signal: AbortSignal, onBytes: () => void) => Promise<Result>,
  ): Promise<Result> {
    const wait = new WaitLimit(request.timeoutMs ?? this.#timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, wait.signal]) : wait.signal;
    try {
      return await work(signal, () => isRenewed && wait.renew());
    } catch (error) {
      throw this.#timeoutOr(error, request, wait);
    } finally {
      wait.end();
    }
  }

  #timeoutOr(error: unknown, { signal, url, timeoutMs = this.#timeoutMs }: HttpRequest, wait: WaitLimit): unknown {
    if (signal?.aborted) return signal.reason;
    if (!wait.signal.aborted) return error;
    return new ImageBuilderError(
      "requestFailed",
      `${url.host} did not answer within ${timeoutMs / 1000} s. Check that it is reachable from this machine.`,
      { cause: error },
    );
  }

  /** Only reading is redirected: what a body holds was meant for the host it was sent to. */
  async #follow(
    request: HttpRequest,
    signal: AbortSignal,
    onBytes: () => void,
  ): Promise<{ readonly incoming: IncomingMessage; readonly url: URL }> {
    let { url, headers = {}, unverified = false } = request;
    for (let redirects = 0; ; redirects++) {
      const incoming = await this.#exchange({ ...request, url, headers, unverified }, signal, onBytes);
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
      if (next.protocol !== "https:" && url.protocol === "https:") {
        throw new ImageBuilderError(
          "requestFailed",
          `${url.host} redirects to ${next.protocol}//${next.host}, which is not secure. ` +
            "Check that its address is correct.",
        );
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
        unverified = false;
      }
      url = next;
    }
  }

  async #exchange(
    { url, method = "GET", headers = {}, body, unverified, checkAddress }: HttpRequest,
    signal: AbortSignal,
    onBytes: () => void,
  ): Promise<IncomingMessage> {
    signal.throwIfAborted();
    const host = url.hostname.replace(/^\[|\]$/g, "");
    // An address is not looked up.
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
      outgoing.once("response", (incoming) => {
        isAnswered = true;
        resolve(incoming);
      });
      // Node tells nothing else of an answer that switches to a protocol nobody asked for.
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
        sendBody(body, outgoing, () => isAnswered, onBytes).catch((error: unknown) => {
          outgoing.destroy();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  }

  async #open(url: URL, options: RequestOptions, unverified: boolean): Promise<ClientRequest> {
    const proxy = proxyFor(url, this.#env);
    if (url.protocol === "http:") {
      if (!proxy) return requestPlain(url, { ...options, agent: false });
      const place = { host: proxy.hostname, port: proxy.port || 80, path: url.href };
      return requestPlain({
        ...options,
        ...place,
        agent: false,
        headers: { host: url.host, ...(options.headers as Record<string, string>), ...proxyHeaders(proxy) },
      });
    }
    const trust = unverified ? { rejectUnauthorized: false } : await this.#trustIn(url.host);
    if (!proxy) return requestSecure(url, { ...options, ...trust, agent: false });
    const socket = await tunnel(proxy, url, options.signal ?? AbortSignal.timeout(this.#timeoutMs));
    const servername = isIP(url.hostname) ? undefined : url.hostname;
    return requestSecure(url, {
      ...options,
      ...trust,
      defaultPort: 443,
      createConnection: () => connectTls({ socket, servername, host: url.hostname, ...trust }),
    });
  }

  #trustIn(host: string): Promise<Trust> {
    const known = this.#trust.get(host);
    if (known) return known;
    const trust = trustFor(host, { env: this.#env, folders: this.#folders });
    this.#trust.set(host, trust);
    trust.catch(() => this.#trust.delete(host)); // Mended files count without a restart.
    return trust;
  }
}

/** Whoever answers an error may say as much as they like: its words are in the beginning. */
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

/** What is sent may come from a stored login or another service. Node's error would name the header alone. */
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
