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
import { hostOf, proxyFor, proxyHeaders, serverNameOf, tunnel } from "./proxy";
import { certificateFolders, trustFor, type Trust } from "./trust";

/** Request to a web service. */
export interface HttpRequest {
  readonly url: URL;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Limit for the whole request including redirects, in milliseconds; default is the client's `timeoutMs`. */
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
  /** Whether a redirect to another origin is an error. */
  readonly sameOrigin?: boolean;
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

const maxRedirects = 5;
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

  /** Follows redirects of GET and HEAD only: a body is meant for the host that it was sent to. */
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
    const host = hostOf(url);
    // IP addresses are not looked up, so `lookup` would not check them.
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
      outgoing.end(body);
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
    const socket = await tunnel(proxy, url, options.signal ?? AbortSignal.timeout(this.#timeoutMs));
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
