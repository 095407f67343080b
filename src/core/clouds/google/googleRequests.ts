import * as z from "zod";
import { askService, seconds, secretText, sendTo } from "../askService";
import type { ConnectorServices } from "../connectorType";
import type { GoogleCredentials } from "./googleCredentials";
import { checkRequest, isOfThisMachine, type FilePlace } from "./googleAddresses";

/** Response of a token service. */
export const tokenSchema = z.looseObject({ access_token: secretText, expires_in: seconds.nullish() });

const impersonatedSchema = z.looseObject({
  accessToken: secretText,
  expireTime: z.string().refine((time) => !Number.isNaN(Date.parse(time))),
});

const usualTokenAddress = "https://oauth2.googleapis.com/token";

/**
 * Creates a `fetch` for Google's library that uses our own client, which limits the size of responses and supports
 * proxies and certificate authorities, and that checks the responses.
 *
 * @param told called with the expiration of each token, in milliseconds since 1970; not all of the library's clients
 * report it
 */
export function googleFetch(
  credentials: GoogleCredentials,
  place: FilePlace,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
  told: (expiresAtMs: number | undefined) => void,
): typeof fetch {
  return async (target, { method = "GET", headers, body } = {}) => {
    const asked = new URL(target instanceof Request ? target.url : target);
    // For keys and users, the library uses a fixed address, even if their file specifies another one.
    const url = asked.href === usualTokenAddress ? tokenAddress(credentials) : asked;
    const request = {
      url,
      method,
      headers: Object.fromEntries(new Headers(headers)),
      ...(body !== undefined && body !== null && { body: String(body) }),
      signal,
    };
    if (isMetadataService(url, credentials)) {
      const { body: text } = await sendTo(request, "get this machine's credentials", services);
      return new Response(text.toString());
    }
    const inner = credentials.type === "impersonated_service_account" ? [credentials.source_credentials] : [];
    checkRequest(url, [credentials, ...inner], place);
    if (url.pathname.endsWith(":generateAccessToken")) {
      const token = await askService(request, "impersonate the service account", impersonatedSchema, services);
      told(Date.parse(token.expireTime));
      return Response.json(token);
    }
    const token = await askService(request, purposeOf(url, credentials), tokenSchema, services);
    told(endOf(token));
    return Response.json(token);
  };
}

/**
 * Whether a request goes to AWS's metadata service, which returns keys and the region of an external account, in
 * various text formats.
 */
function isMetadataService(url: URL, credentials: GoogleCredentials): boolean {
  if (credentials.type !== "external_account" || !("environment_id" in credentials.credential_source)) return false;
  return url.protocol === "http:" && isOfThisMachine(url);
}

/** Returns a token's expiration in milliseconds since 1970; undefined if the service doesn't report it. */
export function endOf({ expires_in: lifetime }: z.infer<typeof tokenSchema>): number | undefined {
  return typeof lifetime === "number" ? Date.now() + lifetime * 1000 : undefined;
}

function tokenAddress(credentials: GoogleCredentials): URL {
  const named = credentials.type === "impersonated_service_account" ? credentials.source_credentials : credentials;
  const { token_uri: address } = named;
  return new URL(typeof address === "string" ? address : usualTokenAddress);
}

function purposeOf(url: URL, credentials: GoogleCredentials): string {
  return credentials.type === "external_account" && url.href === new URL(credentials.token_url).href
    ? "exchange the token"
    : "sign in";
}
