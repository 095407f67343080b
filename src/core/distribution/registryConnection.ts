import { Readable } from "node:stream";
import { maxErrorBytes, readBody } from "../border/readBody";
import type { CredentialAnswer } from "../credentials/credentialSource";
import { secretOf, withoutSecrets } from "../credentials/withoutSecrets";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import { connectionFailure, isNotTls } from "../http/connectionFailure";
import { HttpClient, type HttpRequest, type HttpResponse, type StreamedResponse } from "../http/httpClient";
import type { AddressCheck } from "../http/innerAddress";
import { isLoopback } from "../http/proxy";
import { parseChallenge, type Challenge } from "./challenge";
import { dockerHubHost, realmAddresses } from "./realm";
import { registryFailure } from "./registryFailure";
import { basicAuthorization, fetchToken, type RegistryToken } from "./tokenService";

/** How to reach a registry. */
export interface RegistryPlace {
  /** With its port; `docker.io` for Docker Hub. */
  readonly host: string;
  /** Asked once, and only if the registry wants credentials. */
  readonly credentials: () => Promise<CredentialAnswer | undefined>;
  /**
   * Whether it may be unverified or without TLS, such as by the daemon's `insecure-registries`; asked when TLS fails.
   * Registries on this machine always may.
   */
  readonly insecure?: () => Promise<boolean>;
  readonly http?: HttpClient;
  /** Whether a repository, named below the host, belongs to the registry; all do where it has no path of its own. */
  readonly owns?: (repository: string) => boolean;
}

/** One question to a registry. */
export interface RegistryRequest extends Pick<
  HttpRequest,
  "method" | "headers" | "body" | "maxBytes" | "signal" | "timeoutMs"
> {
  /** From `/v2/` on, with its query; or the whole address of another place that the registry has named. */
  readonly path: string;
  /** What a token is needed for, such as `repository:team/app:pull`. */
  readonly scope?: string;
  /** For messages, follows on "to". */
  readonly purpose: string;
  /** Answers that are no failure, besides 2xx. */
  readonly expected?: readonly number[];
}

/** How long a token that somebody else issued is taken to serve. */
const defaultLifetimeMs = 60_000;

/** How the registry was found to be reached. */
interface Way {
  readonly base: URL;
  readonly unverified: boolean;
}

/**
 * Speaks with one registry: finds out how it is reached and what it wants, shows credentials to it alone, and renews
 * tokens that have expired.
 */
export class RegistryConnection {
  readonly #http: HttpClient;
  readonly #checkAddress: AddressCheck;
  readonly #tokens = new Map<string, RegistryToken>();
  #way: Way | undefined;
  #login: Promise<CredentialAnswer | undefined> | undefined;
  #challenge: Challenge | undefined;

  constructor(readonly place: RegistryPlace) {
    this.#http = place.http ?? new HttpClient();
    this.#checkAddress = realmAddresses(place.host);
  }

  /** Whether the registry has asked for credentials so far. */
  get asksForCredentials(): boolean {
    return this.#challenge !== undefined;
  }

  /** The credentials, found when they are first wanted. */
  login(): Promise<CredentialAnswer | undefined> {
    this.#login ??= this.place.credentials();
    return this.#login;
  }

  /** Finds out how the registry asks for credentials; undefined when it wants none. Throws as `send` does. */
  async challenge(signal?: AbortSignal): Promise<Challenge | undefined> {
    this.#way ??= await this.#discover(signal);
    return this.#challenge;
  }

  /**
   * Fetches a token for somebody else to use, from the service that the registry itself names.
   *
   * @throws ImageBuilderError as `send` does; `registryUnsupported` when it issues no tokens
   */
  async fetchToken(login: CredentialAnswer, scopes: readonly string[], signal?: AbortSignal): Promise<RegistryToken> {
    const challenge = await this.challenge(signal);
    const { host } = this.place;
    if (challenge?.scheme !== "bearer")
      throw new ImageBuilderError(
        "registryUnsupported",
        `${host} does not issue tokens. Log in with a user name and a password.`,
      );
    if ("registryToken" in login.credentials)
      return { token: login.credentials.registryToken, expiresAtMs: Date.now() + defaultLifetimeMs };
    const question = { challenge, scopes, host, login, plain: this.#way?.base.protocol === "http:", signal };
    return this.#telling(() => fetchToken(this.#http, question), new URL(challenge.realm).host, signal);
  }

  /**
   * Sends a request, with credentials if they are wanted.
   *
   * @throws ImageBuilderError `registryUnreachable`, `registryTls`, `registryUnauthorized`, `registryDenied`,
   * `registryNotFound`, `registryRateLimited`, `registryUnsupported`, `registryFailed`; `credentialsFailed`; the
   * signal's reason when aborted
   */
  async send(request: RegistryRequest): Promise<HttpResponse> {
    return this.#withoutSecrets(() => this.#send(request, (sent) => this.#http.send(sent), isWhole));
  }

  /** Sends a request and leaves the body to the caller, which may be large. Throws as `send` does. */
  async open(request: RegistryRequest): Promise<StreamedResponse> {
    return this.#withoutSecrets(() => this.#send(request, (sent) => this.#http.open(sent), wholeOf));
  }

  async #withoutSecrets<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      // Only who was shown the credentials can have quoted them.
      const login = this.#challenge && (await this.login().catch(() => undefined));
      const tokens = Array.from(this.#tokens.values(), ({ token }) => token);
      throw withoutSecrets(error, login ? [secretOf(login.credentials), ...tokens] : tokens);
    }
  }

  async #send<Response extends Pick<HttpResponse, "status" | "headers" | "url">>(
    request: RegistryRequest,
    exchange: (sent: HttpRequest) => Promise<Response>,
    whole: (response: Response) => Promise<HttpResponse>,
  ): Promise<Response> {
    const way = (this.#way ??= await this.#discover(request.signal));
    let response = await this.#attempt(way, request, exchange);
    if (response.status === 401) {
      // The challenge of the refusal counts: it names the scope, and a token that was good before may have expired.
      this.#challenge = parseChallenge(response.headers["www-authenticate"]) ?? this.#challenge;
      this.#tokens.clear();
      if (this.#challenge && (this.#challenge.scheme === "bearer" || (await this.login())))
        response = await this.#attempt(way, request, exchange);
    }
    if ((response.status >= 200 && response.status < 300) || request.expected?.includes(response.status))
      return response;
    throw registryFailure(await whole(response), {
      host: this.place.host,
      purpose: request.purpose,
      login: this.#challenge && (await this.login()),
    });
  }

  async #attempt<Response>(
    way: Way,
    { path, scope, method, headers, body, maxBytes, signal, timeoutMs }: RegistryRequest,
    exchange: (sent: HttpRequest) => Promise<Response>,
  ): Promise<Response> {
    const url = addressOf(path, way.base);
    // Another place that the registry names is no business of the credentials.
    const isOwn = url.origin === way.base.origin;
    const authorization = isOwn ? await this.#authorization(way, scope, signal) : undefined;
    const all = { ...headers, ...(authorization !== undefined && { authorization }) };
    const unverified = isOwn && way.unverified;
    const sent = { url, method, headers: all, body, maxBytes, signal, timeoutMs, unverified };
    const host = isOwn ? this.place.host : url.host;
    return this.#telling(() => exchange({ ...sent, checkAddress: this.#checkAddress }), host, signal);
  }

  async #authorization(
    way: Way,
    scope: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const challenge = this.#challenge;
    if (!challenge) return undefined;
    const login = await this.login();
    if (challenge.scheme === "basic") {
      if (!login) return undefined;
      if (!("username" in login.credentials)) {
        const has = "identityToken" in login.credentials ? "an identity token" : "a registry token";
        throw new ImageBuilderError(
          "registryUnauthorized",
          `${this.place.host} requires a user name and a password, but ${login.source} has ${has}. Log in again.`,
        );
      }
      return basicAuthorization(login.credentials.username, login.credentials.password);
    }
    if (login && "registryToken" in login.credentials) return `Bearer ${login.credentials.registryToken}`;
    const wanted = scope ?? challenge.scope ?? "";
    let token = this.#tokens.get(wanted);
    if (!token || token.expiresAtMs <= Date.now()) {
      const scopes = wanted === "" ? [] : wanted.split(" ");
      token = await this.#telling(
        () =>
          fetchToken(this.#http, {
            challenge,
            scopes,
            host: this.place.host,
            login,
            plain: way.base.protocol === "http:",
            checkAddress: this.#checkAddress,
            signal,
          }),
        new URL(challenge.realm).host,
        signal,
      );
      this.#tokens.set(wanted, token);
    }
    return `Bearer ${token.token}`;
  }

  /**
   * Finds out how the registry is reached, and what it asks for, as Docker does: TLS first; unverified or without only
   * if that may be.
   */
  async #discover(signal: AbortSignal | undefined): Promise<Way> {
    const host = this.place.host === "docker.io" ? dockerHubHost : this.place.host;
    const isHere = isLoopback(host.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""));
    const secure = new URL(`https://${host}/`);
    try {
      return await this.#ping({ base: secure, unverified: isHere }, signal);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const breaksOff = systemCodeOf(cause) === "ECONNRESET";
      if (!ImageBuilderError.is(error, "registryTls") && !breaksOff) throw error;
      if (!isHere && !(await this.#mayBeInsecure())) throw error;
      const base = isNotTls(cause) || breaksOff ? new URL(`http://${host}/`) : secure;
      return this.#ping({ base, unverified: true }, signal);
    }
  }

  /** A daemon that does not answer names no registry as insecure. */
  async #mayBeInsecure(): Promise<boolean> {
    return (await this.place.insecure?.().catch(() => false)) ?? false;
  }

  async #ping(way: Way, signal: AbortSignal | undefined): Promise<Way> {
    const response = await this.#exchange({ url: new URL("/v2/", way.base), signal, unverified: way.unverified });
    if (response.status === 200) return way;
    if (response.status === 401) {
      this.#challenge = parseChallenge(response.headers["www-authenticate"]);
      if (this.#challenge) return way;
    }
    if (response.status === 429 || response.status >= 500)
      throw registryFailure(response, { host: this.place.host, purpose: "connect", login: undefined });
    throw new ImageBuilderError(
      "registryUnsupported",
      `${this.place.host} does not respond as a registry (HTTP ${response.status}). Check that the address is right.`,
    );
  }

  #exchange(request: HttpRequest): Promise<HttpResponse> {
    return this.#telling(
      () => this.#http.send({ ...request, checkAddress: this.#checkAddress }),
      this.place.host,
      request.signal,
    );
  }

  /** Puts into words why no answer came; our own errors have them already. */
  async #telling<Result>(work: () => Promise<Result>, host: string, signal: AbortSignal | undefined): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (ImageBuilderError.is(error, "requestFailed"))
        throw new ImageBuilderError("registryUnreachable", messageOf(error), { cause: error });
      if (ImageBuilderError.is(error)) throw error;
      const { code, reason } = connectionFailure(error);
      throw new ImageBuilderError(code, `Can't reach ${host}: ${reason}.`, { cause: error });
    }
  }
}

/** A registry behind a proxy may name its own address without TLS. */
function addressOf(path: string, base: URL): URL {
  const url = new URL(path, base);
  if (url.host === base.host) url.protocol = base.protocol;
  if (url.protocol === base.protocol || url.protocol === "https:") return url;
  throw new ImageBuilderError(
    "registryFailed",
    `${base.host} wants an upload at ${url.protocol}//${url.host}, which is not secure. ` +
      "Check that its address is right.",
  );
}

function isWhole(response: HttpResponse): Promise<HttpResponse> {
  return Promise.resolve(response);
}

/** The beginning of an error's body, which has its words. */
async function wholeOf({ body, ...response }: StreamedResponse): Promise<HttpResponse> {
  return { ...response, body: (await readBody(Readable.from(body), maxErrorBytes)).bytes };
}
