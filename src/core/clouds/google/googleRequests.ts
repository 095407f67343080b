import * as z from "zod";
import { askService, seconds, secretText, sendTo } from "../askService";
import type { ConnectorServices } from "../connectorType";
import type { GoogleCredentials } from "./googleCredentials";
import { checkRequest, isOfThisMachine, type FilePlace } from "./googleAddresses";

/** What a token service answers. */
export const tokenSchema = z.looseObject({ access_token: secretText, expires_in: seconds.nullish() });

const impersonatedSchema = z.looseObject({
  accessToken: secretText,
  expireTime: z.string().refine((time) => !Number.isNaN(Date.parse(time))),
});

const usualTokenAddress = "https://oauth2.googleapis.com/token";

/**
 * Sends what Google's library asks, as `fetch` would: by our own client, whose answers are bounded and which knows the
 * proxies and authorities; and checks what comes back.
 *
 * @param told hears when each token ends, in milliseconds since 1970; not all of the library's clients tell
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
    // The library knows one address for all keys and users, where their files name it.
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

/** The service that tells an account of Amazon's its keys and region, in texts of several forms. */
function isMetadataService(url: URL, credentials: GoogleCredentials): boolean {
  if (credentials.type !== "external_account" || !("environment_id" in credentials.credential_source)) return false;
  return url.protocol === "http:" && isOfThisMachine(url);
}

/** When a token ends, in milliseconds since 1970; undefined if the service does not say. */
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
