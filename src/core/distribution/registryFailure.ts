import * as z from "zod";
import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";
import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError } from "../base/errors";
import type { HttpResponse } from "../http/httpClient";

const maxWords = 300;
const maxErrors = 10;
/** Maximum waiting time in seconds; a longer one is only shown in the registry's own message. */
const maxWaitSeconds = 7 * 24 * 60 * 60;

/** Returns the registry's own message, in parentheses after a space; "" if there is none. */
export function registryWords({ body, headers }: Pick<HttpResponse, "body" | "headers">): string {
  const words =
    /json/.test(String(headers["content-type"])) || body[0] === 0x7b ? jsonWords(body.toString("utf8")) : "";
  const line = foreignWords(words, maxWords);
  return line === "" ? "" : ` (${line})`;
}

const text = z.string().optional().catch(undefined);
const wordsSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: text, message: text }).catch({})).catch([]),
  error_description: text,
  message: text,
  details: text,
  error: text,
});

/** Unreadable fields of an error are ignored, since no other error could be reported for them. */
function jsonWords(body: string): string {
  const { errors, error_description, message, details, error } = wordsSchema.safeParse(parseJson(body)).data ?? {
    errors: [],
  };
  const told = errors
    .slice(0, maxErrors)
    .map((each) => [each.code, each.message].filter(Boolean).join(": "))
    .filter(Boolean);
  return told.join("; ") || (error_description ?? message ?? details ?? error ?? "");
}

/** Request to a registry, for messages. */
export interface RegistryQuestion {
  readonly host: string;
  /** Purpose, which follows "to", such as `list the tags of "team/app"`. */
  readonly purpose: string;
  readonly login: CredentialAnswer | undefined;
}

/** Converts a registry's refusal to an error with the next step. */
export function registryFailure(response: HttpResponse, { host, purpose, login }: RegistryQuestion): ImageBuilderError {
  const words = registryWords(response);
  // A token service grants what the account may have, so only the registry's response shows that it is not enough.
  const tooLittle = login && /insufficient_scope/.test(String(response.headers["www-authenticate"]));
  switch (tooLittle ? 403 : response.status) {
    case 401:
      if (!login)
        return new ImageBuilderError(
          "registryUnauthorized",
          `${host} requires credentials to ${purpose}, but none were found${words}. ` +
            "Log in, or set a password or a connector for the registry.",
        );
      return new ImageBuilderError(
        "registryUnauthorized",
        `${host} rejected the credentials from ${login.source} for the request to ${purpose}${words}. ` +
          "Check that they are correct and still valid.",
      );
    case 403:
      return new ImageBuilderError(
        "registryDenied",
        `${host} doesn't allow ${login ? `the account of ${login.source}` : "anonymous users"} to ${purpose}` +
          `${words}. Check that the name is correct and that the account has access.`,
      );
    case 404:
      return new ImageBuilderError(
        "registryNotFound",
        `${host} reported "not found" for the request to ${purpose}${words}. ` +
          "Check that the name is correct and that the account has access.",
      );
    case 405:
      return new ImageBuilderError(
        "registryUnsupported",
        `${host} doesn't support the request to ${purpose}${words}. Use the registry's website or tools instead.`,
      );
    case 429:
      return new ImageBuilderError(
        "registryRateLimited",
        `${host} limits the number of requests${words}. Wait${waitOf(response)}, or log in.`,
      );
    default:
      return new ImageBuilderError(
        "registryFailed",
        `${host} answered the request to ${purpose} with HTTP ${response.status}${words}. ` +
          "Try again, or check that the registry is working.",
      );
  }
}

/**
 * Returns how long the registry asks to wait, after a space; "" if it doesn't say, or for more than a week. @see
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function waitOf({ headers }: Pick<HttpResponse, "headers">): string {
  const told = headers["retry-after"] ?? "";
  const seconds = /^\d+$/.test(told) ? Number(told) : Math.ceil((Date.parse(told) - Date.now()) / 1000);
  if (!(seconds > 0 && seconds <= maxWaitSeconds)) return "";
  return seconds < 120 ? ` ${seconds} s` : ` ${Math.ceil(seconds / 60)} min`;
}
