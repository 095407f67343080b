import type { IncomingMessage } from "node:http";
import { ImageBuilderError } from "../base/errors";
import { failedAt } from "./failedPlace";

/** Part of a request that a redirect changes. */
export interface Hop {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether to skip the check of the server's certificate. */
  readonly unverified: boolean;
}

/** Redirects that a request allows. */
export interface RedirectRules {
  /** Whether servers that are redirected to may be without TLS, or have a certificate that can't be checked. */
  readonly unverifiedRedirects?: boolean;
  /** Whether a redirect to another origin is an error. */
  readonly sameOrigin?: boolean;
}

/** Maximum number of redirects of one request. */
export const maxRedirects = 5;

/**
 * Headers that are kept when redirected to another origin. Clouds use their own headers for tokens, and so may any
 * service.
 */
const harmlessHeaders = new Set(["accept", "accept-encoding", "accept-language", "range", "user-agent"]);

/** Returns the address that a response redirects to; undefined if the response is the final one. */
export function redirectOf({ statusCode = 0, headers }: IncomingMessage, method = "GET"): string | undefined {
  // Only GET and HEAD are repeated: a body is meant for the host that it was sent to.
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode) && ["GET", "HEAD"].includes(method);
  return isRedirect ? headers.location : undefined;
}

/**
 * Returns the request that follows a redirect. Another origin gets neither logins nor unchecked trust.
 *
 * @throws ImageBuilderError `requestFailed` if the redirect is not allowed
 */
export function nextHop(location: string, { url, headers, unverified }: Hop, rules: RedirectRules): Hop {
  const next = redirectTarget(location, url);
  if (next.protocol !== "https:" && url.protocol === "https:" && !rules.unverifiedRedirects) {
    const error = new ImageBuilderError(
      "requestFailed",
      `${url.host} redirects to ${next.protocol}//${next.host}, which is not secure. ` +
        "Check that its address is correct.",
    );
    throw failedAt(error, { host: next.host, role: "redirected" });
  }
  if (next.origin === url.origin) return { url: next, headers, unverified };
  if (rules.sameOrigin) {
    throw new ImageBuilderError(
      "requestFailed",
      `${url.host} redirects to ${next.host}, but credentials aren't sent to another host. ` +
        "Check that its address is correct.",
    );
  }
  const kept = Object.entries(headers).filter(([name]) => harmlessHeaders.has(name.toLowerCase()));
  return { url: next, headers: Object.fromEntries(kept), unverified: rules.unverifiedRedirects ?? false };
}

function redirectTarget(location: string, url: URL): URL {
  const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (next && /^https?:$/.test(next.protocol)) return next;
  throw new ImageBuilderError(
    "requestFailed",
    `${url.host} redirects to an invalid web address. Check that its own address is correct.`,
  );
}
