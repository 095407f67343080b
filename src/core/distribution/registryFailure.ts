import * as z from "zod";
import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";
import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError } from "../base/errors";
import type { HttpResponse } from "../http/httpClient";

const maxWords = 300;
const maxErrors = 10;
/** Whoever wants to be left alone for longer is told so by their own words. */
const maxWaitSeconds = 7 * 24 * 60 * 60;

/** The registry's own words, in brackets and with a space before them; empty where it has none. */
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

/** Of an error each field that cannot be read is left out: there is no other to tell it. */
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

/** What a registry was asked, for messages. */
export interface RegistryQuestion {
  readonly host: string;
  /** Follows on "to", such as `list the tags of "team/app"`. */
  readonly purpose: string;
  readonly login: CredentialAnswer | undefined;
}

/** What a registry's refusal means, in plain words with the next step. */
export function registryFailure(response: HttpResponse, { host, purpose, login }: RegistryQuestion): ImageBuilderError {
  const words = registryWords(response);
  // A token service hands out what the account may have, so that the registry only then finds it too little.
  const tooLittle = login && /insufficient_scope/.test(String(response.headers["www-authenticate"]));
  switch (tooLittle ? 403 : response.status) {
    case 401:
      if (!login)
        return new ImageBuilderError(
          "registryUnauthorized",
          `${host} asks for credentials to ${purpose} and none were found${words}: log in, or give the registry a password or a connector.`,
        );
      return new ImageBuilderError(
        "registryUnauthorized",
        `${host} did not accept the credentials from ${login.source} to ${purpose}${words}: see whether they are right and still valid.`,
      );
    case 403:
      return new ImageBuilderError(
        "registryDenied",
        `${host} does not let ${login ? `the account of ${login.source}` : "anybody"} ${purpose}${words}: see whether the account may, and whether the name is right.`,
      );
    case 404:
      return new ImageBuilderError(
        "registryNotFound",
        `${host} has nothing of that name to ${purpose}${words}: see whether the name is right, and whether the account may see it.`,
      );
    case 405:
      return new ImageBuilderError(
        "registryUnsupported",
        `${host} cannot be asked to ${purpose}${words}: use its own web page or tools.`,
      );
    case 429:
      return new ImageBuilderError(
        "registryRateLimited",
        `${host} limits how often it is asked${words}: wait${waitOf(response)}, or log in.`,
      );
    default:
      return new ImageBuilderError(
        "registryFailed",
        `${host} answered with HTTP ${response.status} to the request to ${purpose}${words}: try again, or see whether the registry is well.`,
      );
  }
}

/**
 * How long the registry wants to be left alone, with a space before it; empty where it does not say. @see
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function waitOf({ headers }: Pick<HttpResponse, "headers">): string {
  const told = headers["retry-after"] ?? "";
  const seconds = /^\d+$/.test(told) ? Number(told) : Math.ceil((Date.parse(told) - Date.now()) / 1000);
  if (!(seconds > 0 && seconds <= maxWaitSeconds)) return "";
  return seconds < 120 ? ` ${seconds} s` : ` ${Math.ceil(seconds / 60)} min`;
}
