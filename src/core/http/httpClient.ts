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
import { certificateFolders, trustFor, type Trust } from "./trust";

/** One request. */
export interface HttpRequest {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** For the whole of it, redirects too; default is 20 s. */
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
    const timeoutMs = request.timeoutMs ?? this.#timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    try {
      return await this.#follow(request, signal);
    } catch (error) {
      request.signal?.throwIfAborted();
      if (!timeout.aborted) throw error;
      throw new ImageBuilderError(
        "requestFailed",
        `${request.url.host} did not answer within ${timeoutMs / 1000} s. ` +
          "Check that it is reachable from this machine.",
        { cause: error },
      );
    }
  }

  /** Only reading is redirected: what a body holds was meant for the host it was sent to. */
  async #follow(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    let { url, headers = {}, unverified = false } = request;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#exchange({ ...request, url, headers, unverified }, signal);
      const location = response.headers.location;
      const isRedirect =
        [301, 302, 303, 307, 308].includes(response.status) && ["GET", "HEAD"].includes(request.method ?? "GET");
      if (!isRedirect || location === undefined) return response;
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
    { url, method = "GET", headers = {}, body, unverified, checkAddress, maxBytes = 16 * 2 ** 20 }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    signal.throwIfAborted();
    const host = url.hostname.replace(/^\[|\]$/g, "");
    // An address is not looked up.
    if (isIP(host)) checkAddress?.(host, host);
    const sent = { ...headers, ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }) };
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
        collect(incoming, maxBytes, url).then(
          (whole) => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: whole, url }),
          reject,
        );
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
      outgoing.end(body);
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
