import { foreignWords } from "../border/foreignWords";
import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import type { HttpResponse } from "../http/httpClient";
import { readRefusal, type Refusal } from "./refusal";
import { reasonOf, saysExpired, type RefusalReason } from "./refusalReason";

/** Longer waits are left to the registry's own words. */
const maxWaitSeconds = 7 * 24 * 60 * 60;

/** Returns the registry's own message, in parentheses after a space; "" if there is none. */
export function registryWords(response: Omit<HttpResponse, "url">): string {
  return inBrackets(readRefusal(response).words);
}

/** Request to a registry, for messages. */
export interface FailedRequest {
  /** Begins the sentence: the host that answered. */
  readonly host: string;
  /** Purpose, which follows "to", such as `list the tags of "team/app"`. */
  readonly purpose: string;
  readonly login: CredentialAnswer | undefined;
  /** The repository and the tag in the request, which are no reasons. */
  readonly names?: readonly string[];
  /** Whether it would change something. */
  readonly isWrite?: boolean;
  /** With a space before it; empty where the registry names none. */
  readonly wait?: string;
  /** Reason for the refusal, if known from more than the response. */
  readonly reason?: RefusalReason;
  /** Where a redirect that was not followed leads to. */
  readonly leadsTo?: string;
}

/**
 * Returns the error for a registry's refusal: its cause in plain words, the registry's own words, and the next step.
 */
export function registryFailure(response: HttpResponse, question: FailedRequest): ImageBuilderError {
  return refusalFailure(readRefusal(response), {
    ...question,
    wait: waitOf(response),
    leadsTo: redirectOf(response),
  });
}

/** Returns the error for a refusal that was read before, or that a daemon reports. */
export function refusalFailure(refusal: Refusal, question: FailedRequest): ImageBuilderError {
  const reason = question.reason ?? reasonOf(refusal, question.names);
  const words = inBrackets(refusal.words);
  const status = refusal.status > 0 ? `HTTP ${refusal.status}` : "";
  const told = words || inBrackets(status);
  const full = inBrackets([status, refusal.words].filter(Boolean).join(": "));
  const [code, cause, remedy] = sentences[reason]({ wait: "", ...question, refusal, words, told, full });
  const isTag = reason === "absent" && refusal.codes.includes("MANIFEST_UNKNOWN");
  return new ImageBuilderError(code, `${cause}. ${remedy}.`, isTag ? { cause: new UnknownManifest() } : {});
}

/** Is the cause where a repository is there, and a tag or digest of it is not. */
export class UnknownManifest extends Error {
  override readonly name = "UnknownManifest";
}

interface Told extends FailedRequest {
  readonly refusal: Refusal;
  /** The registry's words, in brackets. */
  readonly words: string;
  /** The registry's words, otherwise the status. */
  readonly told: string;
  /** The status and the registry's words. */
  readonly full: string;
}

type Sentence = readonly [code: ErrorCode, cause: string, remedy: string];

const isNameAndAccess = "that the name is correct and that the account has access";

/** Each says what failed and why, then what to do next. */
const sentences: Readonly<Record<RefusalReason, (told: Told) => Sentence>> = {
  login: ({ host, purpose, login, told, refusal }) =>
    login
      ? [
          "registryUnauthorized",
          `${host} rejected the credentials from ${login.source} for the request to ${purpose}${told}`,
          expiryRemedy(refusal.words),
        ]
      : [
          "registryUnauthorized",
          `${host} requires credentials to ${purpose}, but none were found${told}`,
          "Log in, or set a password or a connector for the registry",
        ],
  token: ({ host, purpose, told }) => [
    "registryFailed",
    `${host} doesn't accept the token that its own token service issued for the request to ${purpose}${told}`,
    "Check that the clocks of both are right, and that the registry trusts the key of the token service",
  ],
  right: ({ host, purpose, login, told }) =>
    login
      ? [
          "registryDenied",
          `${host} doesn't allow the account of ${login.source} to ${purpose}${told}`,
          `Check ${isNameAndAccess}`,
        ]
      : [
          "registryDenied",
          `${host} doesn't allow anonymous users to ${purpose}${told}, and no credentials were found`,
          "Log in, or check that the name is correct",
        ],
  absent: ({ host, purpose, told, refusal, isWrite }) => [
    "registryNotFound",
    `${host} reported "not found" for the request to ${purpose}${told}`,
    absenceRemedy(refusal.codes, isWrite),
  ],
  tooOften: ({ host, login, words, wait }) => [
    "registryRateLimited",
    `${host} limits the number of requests${words}`,
    `Wait${wait}${login ? " and try again" : ", or log in"}`,
  ],
  quota: ({ host, purpose, told }) => [
    "registryRefused",
    `${host} can't ${purpose} because its storage or a quota is used up${told}`,
    "Delete images that are no longer needed, or raise the quota",
  ],
  immutable: ({ host, purpose, told }) => [
    "registryRefused",
    `${host} can't ${purpose} because the tag or repository is immutable or locked${told}`,
    "Use a new tag, or unlock it in the registry",
  ],
  readOnly: ({ host, purpose, told, wait }) => [
    "registryRefused",
    `${host} can't ${purpose} because it is read-only at the moment${told}`,
    `Wait${wait} until it accepts changes again`,
  ],
  unavailable: ({ host, purpose, full, wait }) => [
    "registryFailed",
    `${host} is unavailable for the request to ${purpose}, for example for maintenance${full}`,
    `Wait${wait} and try again, or check that the registry is working`,
  ],
  network: ({ host, purpose, told }) => [
    "registryRefused",
    `${host} doesn't accept the request to ${purpose} from this network${told}`,
    "Allow this network in the registry's firewall, or connect to an allowed one",
  ],
  apiOff: ({ host, purpose, told }) => [
    "registryRefused",
    `${host} can't ${purpose} because its API is turned off${told}`,
    "Enable the API for the project, and try again after a few minutes",
  ],
  policy: ({ host, purpose, told }) => [
    "registryRefused",
    `A rule of ${within(host)} doesn't allow the request to ${purpose}${told}`,
    "Follow the rule, or ask the registry's administrator",
  ],
  tooLarge: ({ host, purpose, told }) => [
    "registryRefused",
    `${host}, or a proxy in front of it, doesn't accept data of this size for the request to ${purpose}${told}`,
    "Make the layers smaller, or raise its limit",
  ],
  invalid: ({ host, purpose, told }) => [
    "registryFailed",
    `${host} rejected the request to ${purpose} as invalid${told}`,
    "Check that the name is correct and that the registry supports such images",
  ],
  unsupported: ({ host, purpose, told, isWrite }) => [
    "registryUnsupported",
    `${host} doesn't support the request to ${purpose}${told}`,
    isWrite
      ? "It may be read-only or a mirror of another registry. Use another one, or ask its administrator"
      : "Use the registry's website or tools instead",
  ],
  proxyLogin: ({ host, told }) => [
    "registryUnreachable",
    `A proxy in front of ${within(host)} requires a login${told}`,
    "Add its user name and password to HTTPS_PROXY or HTTP_PROXY",
  ],
  page: ({ host, purpose, full }) => [
    "registryRefused",
    `A web page answered the request to ${purpose} instead of ${within(host)}${full}`,
    "Check that the address is correct and that no firewall, proxy, or sign-in page is in between",
  ],
  failed: ({ host, purpose, refusal, words, full, wait, leadsTo }) => {
    if (leadsTo !== undefined)
      return [
        "registryFailed",
        `${host} redirects the request to ${purpose} to ${leadsTo} (HTTP ${refusal.status})`,
        "Check that the address is correct and that no proxy or sign-in page is in between",
      ];
    if (refusal.status === 0)
      return [
        "registryFailed",
        `${host} refused the request to ${purpose}${words}`,
        "Try again, or check the registry's log",
      ];
    return refusal.status < 500
      ? [
          "registryFailed",
          `${host} answered the request to ${purpose} with HTTP ${refusal.status}${words}`,
          "Try again, or check that the registry is working",
        ]
      : [
          "registryFailed",
          `${host} reported an internal error for the request to ${purpose}${full}`,
          `Try again${wait && ` in${wait}`}, or check the registry's log, for example for a full disk`,
        ];
  },
};

/** A host that begins a sentence, within one. */
function within(host: string): string {
  return host.replace(/^The /, "the ");
}

/** Where a redirect leads to, without a query, which may hold a secret. */
function redirectOf({ status, headers, url }: HttpResponse): string | undefined {
  const { location = "" } = headers;
  if (status < 300 || status >= 400 || !URL.canParse(location, url.href)) return undefined;
  const { host, pathname } = new URL(location, url);
  return foreignWords(`${host}${pathname}`, 200);
}

function expiryRemedy(words: string): string {
  return saysExpired(words) ? "They have expired. Log in again" : "Check that they are correct and still valid";
}

function absenceRemedy(codes: readonly string[], isWrite: boolean | undefined): string {
  if (codes.includes("MANIFEST_UNKNOWN")) return "Check that the tag is correct and that it was not deleted";
  const creates = isWrite && codes.includes("NAME_UNKNOWN");
  return creates ? `Create the repository first, or check ${isNameAndAccess}` : `Check ${isNameAndAccess}`;
}

function inBrackets(words: string): string {
  return words === "" ? "" : ` (${words})`;
}

/**
 * Returns how long the registry asks to wait, after a space; "" if it doesn't say, or for more than a week. @see
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
function waitOf({ headers }: Pick<HttpResponse, "headers">): string {
  const told = headers["retry-after"] ?? "";
  const seconds = /^\d+$/.test(told) ? Number(told) : Math.ceil((Date.parse(told) - Date.now()) / 1000);
  if (!(seconds > 0 && seconds <= maxWaitSeconds)) return "";
  return seconds < 120 ? ` ${seconds} s` : ` ${Math.ceil(seconds / 60)} min`;
}
