import type { CredentialAnswer } from "../credentials/credentialSource";
import { secretOf, withoutSecrets } from "../credentials/withoutSecrets";
import { ImageBuilderError, messageOf, systemCodeOf } from "../base/errors";
import { connectionFailure, isNotTls } from "../http/connectionFailure";
import { HttpClient, type HttpRequest, type HttpResponse } from "../http/httpClient";
import type { AddressCheck } from "../http/innerAddress";
import { isLoopback } from "../http/proxy";
import { parseChallenge, type Challenge } from "./challenge";
import { dockerHubHost, realmAddresses } from "./realm";
import { registryFailure } from "./registryFailure";
import { basicAuthorization, fetchToken, type RegistryToken } from "./tokenService";

/** Address of a registry, and everything else that a connection to it requires. */
export interface RegistryPlace {
  /** Host with its port; `docker.io` for Docker Hub. */
  readonly host: string;
  /** Called once, and only if the registry requests credentials. */
  readonly credentials: () => Promise<CredentialAnswer | undefined>;
  /**
   * Whether to allow unverified TLS or no TLS, as in the daemon's `insecure-registries`; called if TLS fails. Always
   * allowed for registries on this machine.
   */
  readonly insecure?: () => Promise<boolean>;
  readonly http?: HttpClient;
  /** Whether a repository, as a path below the host, belongs to the registry; if undefined, all do. */
  readonly owns?: (repository: string) => boolean;
}

/** Request to a registry. */
export interface RegistryRequest extends Pick<HttpRequest, "method" | "headers" | "maxBytes" | "signal"> {
  /** Path from `/v2/` on, with its query. */
  readonly path: string;
  /** Scope of the token, such as `repository:team/app:pull`. */
  readonly scope?: string;
  /** Purpose of the request, which follows "to" in messages. */
  readonly purpose: string;
  /** Statuses other than 2xx that are not a failure. */
  readonly expected?: readonly number[];
}

/** Assumed lifetime of a token that was issued elsewhere, in milliseconds. */
const defaultLifetimeMs = 60_000;

/** Way in which the registry was reached. */
interface Way {
  readonly base: URL;
  readonly unverified: boolean;
}

/**
 * Connects to one registry: finds out how to reach it and whether it requests credentials, sends them only to it, and
 * renews expired tokens.
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

  /** Whether the registry has requested credentials so far. */
  get asksForCredentials(): boolean {
    return this.#challenge !== undefined;
  }

  /** Returns the credentials, which are found on the first call. */
  login(): Promise<CredentialAnswer | undefined> {
    this.#login ??= this.place.credentials();
    return this.#login;
  }

  /** Returns how the registry requests credentials; undefined if it requests none. Throws like `send`. */
  async challenge(signal?: AbortSignal): Promise<Challenge | undefined> {
    this.#way ??= await this.#discover(signal);
    return this.#challenge;
  }

  /**
   * Fetches a token for another program, from the token service that the registry itself names.
   *
   * @throws ImageBuilderError like `send`; `registryUnsupported` if the registry issues no tokens
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
   * Sends a request, with credentials if the registry requests them.
   *
   * @throws ImageBuilderError `registryUnreachable`, `registryTls`, `registryUnauthorized`, `registryDenied`,
   * `registryNotFound`, `registryRateLimited`, `registryUnsupported`, `registryFailed`; `credentialsFailed`; the
   * signal's reason if aborted
   */
  async send(request: RegistryRequest): Promise<HttpResponse> {
    try {
      return await this.#send(request);
    } catch (error) {
      // Only a server that received the credentials can have quoted them.
      const login = this.#challenge && (await this.login().catch(() => undefined));
      const tokens = Array.from(this.#tokens.values(), ({ token }) => token);
      throw withoutSecrets(error, login ? [secretOf(login.credentials), ...tokens] : tokens);
    }
  }

  async #send(request: RegistryRequest): Promise<HttpResponse> {
    const way = (this.#way ??= await this.#discover(request.signal));
    let response = await this.#attempt(way, request);
    if (response.status === 401) {
      // The challenge of this response replaces the first one: it names the scope, and a token that was valid before
      // may have expired.
      this.#challenge = parseChallenge(response.headers["www-authenticate"]) ?? this.#challenge;
      this.#tokens.clear();
      if (this.#challenge && (this.#challenge.scheme === "bearer" || (await this.login())))
        response = await this.#attempt(way, request);
    }
    if ((response.status >= 200 && response.status < 300) || request.expected?.includes(response.status))
      return response;
    throw registryFailure(response, {
      host: this.place.host,
      purpose: request.purpose,
      login: this.#challenge && (await this.login()),
    });
  }

  async #attempt(way: Way, { path, scope, method, headers, maxBytes, signal }: RegistryRequest): Promise<HttpResponse> {
    const authorization = await this.#authorization(way, scope, signal);
    const all = { ...headers, ...(authorization !== undefined && { authorization }) };
    return this.#exchange({
      url: new URL(path, way.base),
      method,
      headers: all,
      maxBytes,
      signal,
      unverified: way.unverified,
    });
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
      const scopes = wanted === "" ? [] : [wanted];
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
   * Finds out how to reach the registry, and whether it requests credentials, as Docker does: first with TLS, and
   * unverified or without TLS only if allowed.
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

  /** If the daemon doesn't respond, the registry counts as secure. */
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

  /** Converts connection failures to errors with a message; our own errors already have one. */
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
