import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError } from "../base/errors";
import type { HttpRequest, HttpResponse } from "../http/httpClient";
import { parseChallenge } from "./challenge";
import { isWebPage } from "./refusal";

/** Request to a registry. */
export interface RegistryRequest extends Pick<
  HttpRequest,
  "method" | "headers" | "body" | "maxBytes" | "signal" | "timeoutMs"
> {
  /** Path from `/v2/` on, with its query; or the whole address of another place that the registry has named. */
  readonly path: string;
  /** Scope of the token, such as `repository:team/app:pull`; its repository is the one whose login is used. */
  readonly scope?: string;
  /** Repository whose login is used, if the scope names none. */
  readonly repository?: string;
  /** Purpose of the request, which follows "to" in messages. */
  readonly purpose: string;
  /** Statuses of answers that are no failure, besides 2xx; `any` leaves all of them to the caller. */
  readonly expected?: readonly number[] | "any";
}

/** Returns the repository whose login a request uses; undefined for what concerns the registry itself. */
export function repositoryOf({ scope = "", repository }: RegistryRequest): string | undefined {
  return repository ?? /^repository:([^:]+):/.exec(scope)?.[1];
}

/** Returns the repository and the tag or digest of a request's path. */
export function namesIn(path: string): string[] {
  const [, repository = "", kind, reference = ""] =
    /^\/v2\/([^?]{1,255})\/(manifests|blobs|tags|referrers)\/([^?]{0,200})/.exec(path) ?? [];
  return kind === "manifests" && reference.length > 2 ? [repository, reference] : [repository];
}

/** Whether a registry takes the token of its own token service, which has accepted the login, for an invalid one. */
export function isTokenUnknown({ credentials }: CredentialAnswer, { headers }: HttpResponse): boolean {
  const challenge = parseChallenge(headers["www-authenticate"]);
  const isIssued = challenge?.scheme === "bearer" && !("registryToken" in credentials);
  return isIssued && challenge.error === "invalid_token";
}

/** Whether a web page, such as a sign-in page, answers with success; a blob may be one. */
export function isPageInstead({ path }: RegistryRequest, response: HttpResponse): boolean {
  return response.status < 300 && !/\/blobs\/sha\d+:/.test(path) && isWebPage(response);
}

/** A registry behind a proxy may name its own address without TLS. */
export function addressOf(path: string, base: URL): URL {
  const url = new URL(path, base);
  if (url.host === base.host) url.protocol = base.protocol;
  if (url.protocol === base.protocol || url.protocol === "https:") return url;
  throw new ImageBuilderError(
    "registryFailed",
    `${base.host} wants an upload at ${url.protocol}//${url.host}, which is not secure. ` +
      "Check that its address is right.",
  );
}
