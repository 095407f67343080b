import { Readable } from "node:stream";
import { maxErrorBytes, readBody } from "../border/readBody";
import { namesOf, type CredentialAnswer } from "../credentials/credentialSource";
import { secretOf, withoutSecrets } from "../credentials/withoutSecrets";
import { ImageBuilderError } from "../base/errors";
import type { HttpRequest, HttpResponse, StreamedResponse } from "../http/httpClient";
import { parseChallenge, type Challenge } from "./challenge";
import { readRefusal } from "./refusal";
import { isAboutLogin, reasonOf } from "./refusalReason";
import { registryFailure } from "./registryFailure";
import {
  addressOf,
  isPageInstead,
  isTokenUnknown,
  namesIn,
  repositoryOf,
  type RegistryRequest,
} from "./registryRequest";
import { RegistryTransport, type RegistryPlace, type Way } from "./registryTransport";
import { basicAuthorization, fetchToken, type RegistryToken, type TokenServiceRequest } from "./tokenService";

export type { RegistryRequest } from "./registryRequest";
export type { RegistryPlace } from "./registryTransport";

/** Assumed lifetime of a token that was issued elsewhere, in milliseconds. */
const defaultLifetimeMs = 60_000;

/**
 * Connects to one registry: finds out how to reach it and whether it requests credentials, sends them only to it, and
 * renews expired tokens.
 */
export class RegistryConnection {
  readonly #transport: RegistryTransport;
  readonly #tokens = new Map<string, RegistryToken>();
  #way: Way | undefined;
  /** By repository. */
  readonly #logins = new Map<string | undefined, Promise<CredentialAnswer | undefined>>();
  #challenge: Challenge | undefined;
  /** Whether the registry asks for a login before anything is asked of it. */
  #asksAtOnce = false;

  constructor(readonly place: RegistryPlace) {
    this.#transport = new RegistryTransport(place);
  }

  /** Whether the registry has requested credentials so far. */
  get asksForCredentials(): boolean {
    return this.#challenge !== undefined;
  }

  /** Returns the credentials for a repository, which are found on the first call. */
  #login(repository: string | undefined): Promise<CredentialAnswer | undefined> {
    const known = this.#logins.get(repository) ?? this.place.credentials(repository);
    this.#logins.set(repository, known);
    return known;
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
    const plain = this.#way !== undefined && this.#transport.mayTakePlainLogins(this.#way);
    return this.#askTokenService({ challenge, scopes, host, login, plain, signal });
  }

  /** As Docker does, the token service of an insecure registry may be unverified, too. */
  async #askTokenService(question: TokenServiceRequest): Promise<RegistryToken> {
    const { challenge, host, plain, signal } = question;
    const { http, checkAddress } = this.#transport;
    const who = `the token service ${new URL(challenge.realm).host} of ${host}`;
    const ask = (unverified: boolean) =>
      this.#transport.telling(() => fetchToken(http, { ...question, unverified, checkAddress }), who, signal);
    try {
      return await ask(plain);
    } catch (error) {
      const isTls = !plain && ImageBuilderError.is(error, "registryTls");
      if (!isTls || !(await this.#transport.mayBeInsecure())) throw error;
      return ask(true);
    }
  }

  /**
   * Sends a request, with credentials if the registry requests them.
   *
   * @throws ImageBuilderError `registryUnreachable`, `registryTls`, `registryUnauthorized`, `registryDenied`,
   * `registryNotFound`, `registryRateLimited`, `registryUnsupported`, `registryFailed`; `credentialsFailed`; the
   * signal's reason if aborted
   */
  async send(request: RegistryRequest): Promise<HttpResponse> {
    return this.#withoutSecrets(async () => {
      const response = await this.#send(request, (sent) => this.#transport.http.send(sent), isWhole);
      if (request.expected === "any" || !isPageInstead(request, response)) return response;
      throw await this.failure(request, response);
    });
  }

  /** Sends a request and leaves the body, which may be large, to the caller. Throws like `send`. */
  async open(request: RegistryRequest): Promise<StreamedResponse> {
    return this.#withoutSecrets(() => this.#send(request, (sent) => this.#transport.http.open(sent), wholeOf));
  }

  async #withoutSecrets<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw await this.#masked(error);
    }
  }

  async #discover(signal: AbortSignal | undefined): Promise<Way> {
    const { way, challenge } = await this.#transport.discover(signal);
    this.#challenge = challenge;
    this.#asksAtOnce = challenge !== undefined;
    return way;
  }

  /** Only a server that received the credentials can have quoted them. */
  async #masked(error: unknown): Promise<unknown> {
    const found = await Promise.all(Array.from(this.#logins.values(), (login) => login.catch(() => undefined)));
    const secrets = found.flatMap((login) => (login ? [secretOf(login.credentials)] : []));
    return withoutSecrets(error, [...secrets, ...Array.from(this.#tokens.values(), ({ token }) => token)]);
  }

  async #send<Response extends Omit<HttpResponse, "body">>(
    request: RegistryRequest,
    exchange: (sent: HttpRequest) => Promise<Response>,
    whole: (response: Response) => Promise<HttpResponse>,
  ): Promise<Response> {
    const way = (this.#way ??= await this.#discover(request.signal));
    let response = await this.#attempt(way, request, exchange);
    if (response.status === 401) {
      // The challenge of this response replaces the first one: it names the scope, and a token that was valid before
      // may have expired.
      this.#challenge = parseChallenge(response.headers["www-authenticate"]) ?? this.#challenge;
      this.#tokens.clear();
      if (this.#challenge && (this.#challenge.scheme === "bearer" || (await this.#login(repositoryOf(request)))))
        response = await this.#attempt(way, request, exchange);
    }
    const { expected = [] } = request;
    if ((response.status >= 200 && response.status < 300) || expected === "any" || expected.includes(response.status))
      return response;
    throw await this.#failure(way, request, await whole(response));
  }

  /**
   * The error for a refusal that the caller of `send` has expected, as `send` throws it for others. Registries say
   * "unauthorized" for a missing right and "denied" for an expired login, so the login is tried without any right.
   */
  async failure(request: RegistryRequest, response: HttpResponse): Promise<unknown> {
    const way = (this.#way ??= await this.#discover(request.signal));
    return this.#masked(await this.#failure(way, request, response));
  }

  async #failure(way: Way, request: RegistryRequest, response: HttpResponse): Promise<ImageBuilderError> {
    const login = this.#challenge && (await this.#login(repositoryOf(request)));
    const names = [...namesIn(request.path), ...(login ? namesOf(login.credentials) : [])];
    const question = {
      host: this.#transport.answeredBy(way, response),
      purpose: request.purpose,
      login,
      names,
      isWrite: !["GET", "HEAD"].includes(request.method ?? "GET"),
    };
    // A token service hands out what the account may have, so that the registry only then finds it too little.
    if (login && /insufficient_scope/.test(String(response.headers["www-authenticate"])))
      return registryFailure(response, { ...question, reason: "right" });
    const refusal = readRefusal(response);
    const reason = reasonOf(refusal, names);
    // The account is the registry's, not that of the storage that it refers to.
    if (response.url.host !== way.base.host && (reason === "login" || reason === "right"))
      return registryFailure(response, { ...question, reason: "failed" });
    if (!login || (reason !== "login" && reason !== "right")) return registryFailure(response, question);
    if (isAboutLogin(refusal)) return registryFailure(response, { ...question, reason: "login" });
    const isAccepted = request.path === "/v2/" ? false : await this.#acceptsLogin(way, request);
    const ofLogin = isTokenUnknown(login, response) ? "token" : "login";
    const found = isAccepted === undefined ? reason : isAccepted ? "right" : ofLogin;
    return registryFailure(response, { ...question, reason: found });
  }

  /** Whether the login itself is accepted, regardless of its permissions; undefined if unknown. */
  async #acceptsLogin(way: Way, request: RegistryRequest): Promise<boolean | undefined> {
    if (!this.#asksAtOnce) return undefined;
    const { signal } = request;
    const signIn = { path: "/v2/", scope: "", repository: repositoryOf(request), purpose: "sign in", signal };
    try {
      const { status } = await this.#attempt(way, signIn, (sent) => this.#transport.http.send(sent));
      return status === 401 || status === 403 ? false : status < 300 ? true : undefined;
    } catch (error) {
      signal?.throwIfAborted();
      return ImageBuilderError.is(error, "registryUnauthorized") ? false : undefined;
    }
  }

  async #attempt<Response>(
    way: Way,
    request: RegistryRequest,
    exchange: (sent: HttpRequest) => Promise<Response>,
  ): Promise<Response> {
    const { path, method, headers, body, maxBytes, signal, timeoutMs } = request;
    const url = addressOf(path, way.base);
    // Credentials are sent to the registry only, not to another place that it names.
    const isOwn = url.origin === way.base.origin;
    const authorization = isOwn ? await this.#authorization(way, request) : undefined;
    const all = { ...headers, ...(authorization !== undefined && { authorization }) };
    const sent = { url, method, headers: all, body, maxBytes, signal, timeoutMs, unverified: way.unverified };
    return this.#transport.exchange(sent, exchange, isOwn ? this.place.host : url.host);
  }

  async #authorization(way: Way, request: RegistryRequest): Promise<string | undefined> {
    const { scope, purpose, signal } = request;
    const challenge = this.#challenge;
    if (!challenge) return undefined;
    const repository = repositoryOf(request);
    const login = await this.#login(repository);
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
    const key = JSON.stringify([repository, wanted]);
    const known = this.#tokens.get(key);
    if (known && known.expiresAtMs > Date.now()) return `Bearer ${known.token}`;
    const { host } = this.place;
    const plain = this.#transport.mayTakePlainLogins(way);
    const fetchFor = (scopes: readonly string[]) =>
      this.#askTokenService({ challenge, scopes, host, login, purpose, plain, signal });
    const token = await fetchFor(wanted === "" ? [] : wanted.split(" ")).catch(async (error: unknown) => {
      // Throws where the service refuses the login itself, and not only what was asked for.
      if (login && ImageBuilderError.is(error, "registryDenied")) await fetchFor([]);
      throw error;
    });
    this.#tokens.set(key, token);
    return `Bearer ${token.token}`;
  }
}

function isWhole(response: HttpResponse): Promise<HttpResponse> {
  return Promise.resolve(response);
}

/** Reads the beginning of an error's body, which contains the message. */
async function wholeOf({ body, ...response }: StreamedResponse): Promise<HttpResponse> {
  return { ...response, body: (await readBody(Readable.from(body), maxErrorBytes)).bytes };
}
