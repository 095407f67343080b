import * as z from "zod";
import { readAnswer } from "../border/readAnswer";
import { namesOf, type CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError } from "../base/errors";
import type { HttpClient, HttpResponse } from "../http/httpClient";
import type { AddressCheck } from "../http/innerAddress";
import type { Challenge } from "./challenge";
import { checkRealm, realmAddresses } from "./realm";
import { readRefusal } from "./refusal";
import { reasonOf, saysExpired, type RefusalReason } from "./refusalReason";
import { refusalFailure, registryFailure } from "./registryFailure";

/** Token, and its expiration in milliseconds since 1970. */
export interface RegistryToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Request to a token service. */
export interface TokenServiceRequest {
  readonly challenge: Extract<Challenge, { scheme: "bearer" }>;
  /** Scopes, such as `repository:team/app:pull,push`. */
  readonly scopes: readonly string[];
  /** Host of the registry, for messages. */
  readonly host: string;
  readonly login: CredentialAnswer | undefined;
  /** Purpose of the token for messages, following "to"; default is to use the repository. */
  readonly purpose?: string;
  /** Whether the registry itself is reached without TLS, so that its token service may be, too. */
  readonly plain: boolean;
  /** Whether the service's certificate is not verified; default is `plain`. */
  readonly unverified?: boolean;
  /** Checks whether an address may be connected to; default is the check of {@link realmAddresses}. */
  readonly checkAddress?: AddressCheck;
  readonly signal?: AbortSignal;
}

/** The token is put into a header; one of the two fields may be empty. */
const tokenText = z
  .string()
  .max(64 * 1024)
  .regex(/^[\x21-\x7e]*$/)
  .nullish();
const tokenSchema = z.looseObject({ token: tokenText, access_token: tokenText, expires_in: z.number().nullish() });

/** Maximum lifetime of a token, even if the service reports a longer one. */
const maxLifetimeSeconds = 24 * 60 * 60;

/** Lifetime by the protocol, if the service reports none. */
const defaultLifetimeSeconds = 60;
/** Tokens are not used in the last seconds of their life, since they must still be valid on arrival. */
const marginSeconds = 5;

/**
 * Fetches a token: by the user's name and password, by an identity token, or for nobody.
 *
 * @throws ImageBuilderError `registryUnauthorized`, `registryDenied` where the service refuses only the
 * scopes, `registryRateLimited`, `registryRefused` or `registryFailed`
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function fetchToken(http: HttpClient, question: TokenServiceRequest): Promise<RegistryToken> {
  const { challenge, host, login, plain } = question;
  const realm = checkRealm(challenge.realm, { host, plain });
  const identityToken = login && "identityToken" in login.credentials ? login.credentials.identityToken : undefined;
  const askedAtMs = Date.now();
  const response =
    identityToken === undefined
      ? await byLogin(http, realm, question)
      : await byIdentityToken(http, realm, question, identityToken);
  if (response.status !== 200) throw refusal(question, realm, response);
  const answer = readAnswer(response.body, {
    schema: tokenSchema,
    who: `The token service ${realm.host} of ${host}`,
    what: "token",
    code: "registryFailed",
  });
  const token = answer.token || answer.access_token;
  if (!token)
    throw new ImageBuilderError(
      "registryFailed",
      `The token service ${realm.host} of ${host} sent no token. Check that the registry's address is correct.`,
    );
  const told = answer.expires_in ?? 0;
  const lifetime = told > 0 ? Math.min(told, maxLifetimeSeconds) : defaultLifetimeSeconds;
  return { token, expiresAtMs: askedAtMs + (lifetime - marginSeconds) * 1000 };
}

function byLogin(
  http: HttpClient,
  realm: URL,
  { challenge, scopes, host, login, checkAddress = realmAddresses(host), signal, ...question }: TokenServiceRequest,
): Promise<HttpResponse> {
  const { unverified = question.plain } = question;
  const url = new URL(realm);
  if (challenge.service !== undefined) url.searchParams.set("service", challenge.service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const headers: Record<string, string> = {};
  if (login && "username" in login.credentials) {
    const { username, password } = login.credentials;
    url.searchParams.set("account", username);
    headers["authorization"] = basicAuthorization(username, password);
  }
  return http.send({ url, headers, signal, unverified, checkAddress, sameOrigin: true });
}

function byIdentityToken(
  http: HttpClient,
  url: URL,
  { challenge, scopes, host, checkAddress = realmAddresses(host), signal, ...question }: TokenServiceRequest,
  identityToken: string,
): Promise<HttpResponse> {
  const body = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: identityToken,
    client_id: "image-builders",
    scope: scopes.join(" "),
  });
  if (challenge.service !== undefined) body.set("service", challenge.service);
  return http.send({
    url,
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
    signal,
    unverified: question.unverified ?? question.plain,
    checkAddress,
  });
}

/** Returns the value of an authorization header with a user name and a password. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Reports failures that no login changes as the service's; all others are about the credentials. */
function refusal(
  { host, login, scopes, purpose = "use the repository" }: TokenServiceRequest,
  realm: URL,
  response: HttpResponse,
): ImageBuilderError {
  const told = readRefusal(response);
  const words = told.words === "" ? "" : ` (${told.words})`;
  const reason = reasonOf(told, login ? namesOf(login.credentials) : []);
  if (![400, 401, 403].includes(response.status) || othersToo.has(reason))
    return registryFailure(response, {
      host: `The token service ${realm.host} of ${host}`,
      purpose: aboutWhatIsAsked.has(reason) ? purpose : "sign in",
      login,
      reason: reason === "invalid" || reason === "absent" ? "failed" : reason,
    });
  if (!login)
    return new ImageBuilderError(
      "registryUnauthorized",
      `${host} requires credentials, but none were found${words}. ` +
        "Log in, or set a password or a connector for the registry.",
    );
  if (reason === "unsupported" && "identityToken" in login.credentials)
    return new ImageBuilderError(
      "registryUnauthorized",
      `The token service ${realm.host} of ${host} doesn't exchange the token from ${login.source}${words}. ` +
        "Log in with a user name and a password.",
    );
  // The account may be fine and lack the right.
  if (reason === "right" && scopes.length > 0) return refusalFailure(told, { host, purpose, login, reason });
  const remedy = saysExpired(words)
    ? "They have expired. Log in again"
    : "Check that the user name and the password or token are correct and still valid";
  return new ImageBuilderError(
    "registryUnauthorized",
    `${host} rejected the credentials from ${login.source}${words}. ${remedy}.`,
  );
}

/** Reasons that are about what the token is for. */
const aboutWhatIsAsked = new Set<RefusalReason>(["quota", "readOnly", "policy"]);
/** Reasons that have nothing to do with the account. */
const othersToo = new Set<RefusalReason>([
  "tooOften",
  "quota",
  "readOnly",
  "unavailable",
  "network",
  "apiOff",
  "policy",
  "proxyLogin",
  "page",
]);
