import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError, messageOf } from "../base/errors";
import { connectionFailure, isNotTls, proxyFailure } from "../http/connectionFailure";
import { failedPlace } from "../http/failedPlace";
import { HttpClient, type HttpRequest, type HttpResponse } from "../http/httpClient";
import type { AddressCheck } from "../http/innerAddress";
import { isLoopbackHost } from "../http/proxy";
import { parseChallenge, type Challenge } from "./challenge";
import { dockerHubHost, realmAddresses } from "./realm";
import { readRefusal } from "./refusal";
import { reasonOf, type RefusalReason } from "./refusalReason";
import { registryFailure } from "./registryFailure";

/** Way to reach a registry. */
export interface RegistryPlace {
  /** With its port; `docker.io` for Docker Hub. */
  readonly host: string;
  /**
   * Asked once for each repository, and only if the registry wants credentials; without a repository for what concerns
   * the registry itself.
   */
  readonly credentials: (repository?: string) => Promise<CredentialAnswer | undefined>;
  /**
   * Whether it may be unverified or without TLS, such as by the daemon's `insecure-registries`; asked when TLS fails.
   * Registries on this machine always may.
   */
  readonly insecure?: () => Promise<boolean>;
  readonly http?: HttpClient;
  /** Whether a repository, named below the host, belongs to the registry; all do where it has no path of its own. */
  readonly owns?: (repository: string) => boolean;
}

/** Way in which a registry was reached. */
export interface Way {
  readonly base: URL;
  readonly unverified: boolean;
}

/** A registry that was found, and how it asks for credentials if it does so at once. */
interface FoundRegistry {
  readonly way: Way;
  readonly challenge?: Challenge;
}

/** Sends requests to one registry and the places that it refers to, and says in plain words why no answer came. */
export class RegistryTransport {
  readonly http: HttpClient;
  readonly checkAddress: AddressCheck;

  constructor(private readonly place: RegistryPlace) {
    this.http = place.http ?? new HttpClient();
    this.checkAddress = realmAddresses(place.host);
  }

  /**
   * Finds out how the registry is reached, and what it asks for, as Docker does: TLS first; unverified or without only
   * if that may be.
   */
  async discover(signal: AbortSignal | undefined): Promise<FoundRegistry> {
    const host = this.#host;
    if (!URL.canParse(`https://${host}/`))
      throw new ImageBuilderError(
        "registryUnreachable",
        `"${host}" is not a valid address of a registry. Check its host and its port.`,
      );
    const isHere = isLoopbackHost(host);
    const secure = new URL(`https://${host}/`);
    try {
      return await this.#ping({ base: secure, unverified: isHere }, signal);
    } catch (error) {
      const isTls = ImageBuilderError.is(error, "registryTls");
      if (!isTls && !ImageBuilderError.is(error, "registryUnreachable")) throw error;
      if (!(await this.mayBeInsecure())) throw error;
      const cause = error instanceof Error ? error.cause : undefined;
      const base = isTls && !isNotTls(cause) ? secure : new URL(`http://${host}/`);
      return this.#ping({ base, unverified: true }, signal).catch((again: unknown) => {
        // If there is no response either way, report the failure of the first one.
        throw ImageBuilderError.is(again, "registryUnreachable") && base !== secure ? error : again;
      });
    }
  }

  /** Whether it may be unverified. A daemon that does not answer names no registry as insecure. */
  async mayBeInsecure(): Promise<boolean> {
    return isLoopbackHost(this.#host) || ((await this.place.insecure?.().catch(() => false)) ?? false);
  }

  /** Whether its token service may be without TLS, as the registry itself. */
  mayTakePlainLogins({ base, unverified }: Way): boolean {
    return base.protocol === "http:" || (unverified && !isLoopbackHost(this.#host));
  }

  get #host(): string {
    return this.place.host === "docker.io" ? dockerHubHost : this.place.host;
  }

  async #ping(way: Way, signal: AbortSignal | undefined): Promise<FoundRegistry> {
    const request = { url: new URL("/v2/", way.base), signal, unverified: way.unverified };
    const response = await this.exchange(request, (sent) => this.http.send(sent));
    const { status, headers } = response;
    const refusal = readRefusal(response);
    if (status === 200 && (!refusal.isPage || headers["docker-distribution-api-version"] !== undefined)) return { way };
    if (status === 401) {
      const challenge = parseChallenge(headers["www-authenticate"]);
      if (challenge) return { way, challenge };
    }
    const reason = reasonOf(refusal);
    const isNone = status < 400 ? !refusal.isPage : isOfNoRegistry.includes(reason);
    if (isNone && !(refusal.isPage && status === 401))
      throw new ImageBuilderError("registryUnsupported", `${this.answeredBy(way, response)} ${oddAnswer(response)}`);
    throw registryFailure(response, {
      host: this.answeredBy(way, response),
      purpose: "connect",
      login: undefined,
      // No login was shown yet, so that it is nobody's right.
      reason: status < 400 || status === 401 ? "page" : reason === "right" ? "network" : reason,
    });
  }

  /** As Docker does, the storage of an insecure registry may be insecure, too. */
  async exchange<Response>(
    request: HttpRequest,
    send: (sent: HttpRequest) => Promise<Response>,
    host = this.place.host,
  ): Promise<Response> {
    const { unverified = false, signal } = request;
    const sent = { ...request, checkAddress: this.checkAddress };
    const exchange = (unverifiedRedirects: boolean) =>
      this.telling(() => send({ ...sent, unverifiedRedirects }), host, signal);
    try {
      return await exchange(unverified);
    } catch (error) {
      if (unverified || !isOfRedirect(error) || !(await this.mayBeInsecure())) throw error;
      return exchange(true);
    }
  }

  /** The registry's host, or that of the storage or the page that it redirected to. */
  answeredBy({ base }: Way, { url }: HttpResponse): string {
    return url.host === base.host ? this.place.host : `${url.host}, to which ${this.place.host} redirects,`;
  }

  /** Puts into words why no answer came; our own errors have them already. */
  async telling<Result>(work: () => Promise<Result>, host: string, signal: AbortSignal | undefined): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (ImageBuilderError.is(error, "requestFailed"))
        throw new ImageBuilderError("registryUnreachable", messageOf(error), { cause: error });
      if (ImageBuilderError.is(error)) throw error;
      const isOfProxy = failedPlace(error)?.role === "proxy";
      const { code, reason } = isOfProxy ? proxyFailure(error) : connectionFailure(error);
      throw new ImageBuilderError(code, `Can't reach ${placeInWords(error, host)}: ${reason}.`, { cause: error });
    }
  }
}

/** Reasons that no registry gives for its first answer. */
const isOfNoRegistry: readonly RefusalReason[] = ["absent", "login", "unsupported", "invalid"];

/** What is odd about a first answer, and what to do, after the host's name. */
function oddAnswer(response: HttpResponse): string {
  const { status, headers } = response;
  const [, scheme = ""] = /^\s*([A-Za-z][\w-]{0,30})(?:\s|$)/.exec(String(headers["www-authenticate"] ?? "")) ?? [];
  if (status === 401 && /^bearer$/i.test(scheme))
    return "requests a token, but names no valid token service. Check the registry's configuration.";
  if (status === 401 && scheme !== "")
    return (
      `requests a login by ${scheme}, which registries don't use. ` +
      "Check that the address is right and that no proxy in between requires a login."
    );
  const { words } = readRefusal(response);
  return `does not respond as a registry (HTTP ${status}${words && `: ${words}`}). Check that the address is right.`;
}

/** Whether the place that it redirects to can't be verified, or has no TLS. */
function isOfRedirect(error: unknown): boolean {
  if (!ImageBuilderError.is(error) || failedPlace(error.cause)?.role !== "redirected") return false;
  return error.code === "registryTls" || ImageBuilderError.is(error.cause, "requestFailed");
}

function placeInWords(error: unknown, host: string): string {
  const failed = failedPlace(error);
  if (failed?.role === "proxy") return `the proxy ${failed.host} for ${host}`;
  return failed?.role === "redirected" ? `${failed.host}, to which ${host} redirects` : host;
}
