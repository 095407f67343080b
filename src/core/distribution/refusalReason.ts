import { inOrder, type WordTest } from "../base/wordsInOrder";
import type { Refusal } from "./refusal";

/** Reason for refusing a request, which decides the remedy. */
export type RefusalReason =
  /** The credentials are missing, wrong, or expired. */
  | "login"
  /** The registry doesn't know the token that its token service issued for an accepted login. */
  | "token"
  /** The account lacks the permission. */
  | "right"
  | "absent"
  | "tooOften"
  | "quota"
  | "immutable"
  | "readOnly"
  | "unavailable"
  /** The registry doesn't accept requests from here. */
  | "network"
  | "apiOff"
  /** Another rule of the registry than the account's rights. */
  | "policy"
  | "tooLarge"
  /** The request or the image is not valid. */
  | "invalid"
  | "unsupported"
  | "proxyLogin"
  /** A web page answers in the registry's place. */
  | "page"
  | "failed";

/** The codes of the Distribution API, and those of known registries. */
const byCode: ReadonlyMap<string, RefusalReason> = new Map([
  ...codes("login", "UNAUTHORIZED", "UNAUTHENTICATED", "INVALID_GRANT", "INVALID_CLIENT"),
  ...codes("right", "DENIED", "FORBIDDEN", "PERMISSION_DENIED", "INSUFFICIENT_SCOPE", "INVALID_SCOPE"),
  ...codes("right", "ACCESS_DENIED", "ACCESSDENIED"),
  ...codes("absent", "NAME_UNKNOWN", "MANIFEST_UNKNOWN", "BLOB_UNKNOWN", "NOT_FOUND", "TAG_EXPIRED", "NOSUCHKEY"),
  ...codes("tooOften", "TOOMANYREQUESTS", "TOO_MANY_REQUESTS", "RESOURCE_EXHAUSTED", "SLOWDOWN"),
  ...codes("quota", "QUOTA_EXCEEDED", "QUOTAEXCEEDED"),
  ...codes("immutable", "TAG_ALREADY_EXISTS", "TAG_IMMUTABLE"),
  ...codes("readOnly", "READ_ONLY", "READONLY"),
  ...codes("unavailable", "UNAVAILABLE", "SERVICEUNAVAILABLE", "TEMPORARILY_UNAVAILABLE"),
  ...codes("policy", "PROJECTPOLICYVIOLATION", "PRECONDITION", "FAILED_PRECONDITION"),
  ...codes("tooLarge", "SIZE_INVALID"),
  ...codes(
    "invalid",
    ...["MANIFEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "TAG_INVALID"],
    ...["DIGEST_INVALID", "INVALID_REQUEST"],
  ),
  ...codes("unsupported", "UNSUPPORTED", "METHOD_NOT_ALLOWED", "UNSUPPORTED_GRANT_TYPE", "UNAUTHORIZED_CLIENT"),
  // Of the storage behind a registry, which says nothing about the account.
  ...codes("failed", "SIGNATUREDOESNOTMATCH", "INVALIDACCESSKEYID", "REQUESTTIMETOOSKEWED", "NOSUCHBUCKET"),
  ...codes("failed", "AUTHORIZATIONHEADERMALFORMED"),
  // Several servers that don't share what one of them has begun.
  ...codes("failed", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "RANGE_INVALID"),
]);

function codes(reason: RefusalReason, ...names: readonly string[]): (readonly [string, RefusalReason])[] {
  return names.map((name) => [name, reason]);
}

/**
 * Decides what registries mean by an ambiguous code: each has one code for a missing permission and for a full
 * project. The words choose only within such a code.
 */
const finer: readonly (readonly [words: WordTest, reason: RefusalReason])[] = [
  [/\bread[- ]?only\b|maintenance mode/i, "readOnly"],
  [/immutab|be overwritten|tag was already pushed|does not allow updating|operation is disallowed/i, "immutable"],
  [/\bquota|storage (?:limit|resource)|upper limit|insufficient storage|no space left/i, "quota"],
  [/\bmaximum (?:allowed )?number of (?:images|repositories|tags|artifacts)\b|\blimit is \d/i, "quota"],
  [inOrder(/\bdisk\b/i, /\bis too high\b/i), "quota"],
  [inOrder(/client with IP/i, /not allowed/i), "network"],
  [/\bfirewall|geo-?(?:ip|block)|not allowed from (?:this|your) (?:ip|network)|^error code: 10\d\d$/i, "network"],
  [/IP address is not (?:allowed|permitted)|\bIP allow list|not allow public network access/i, "network"],
  [/API has not been used|API is (?:disabled|not enabled)|SERVICE_DISABLED/i, "apiOff"],
  [/\bpolic(?:y|ies)\b|vulnerabilit|in quarantine\b/i, "policy"],
  [/\bbilling to be enabled\b|\bdeprecated and shutting down\b|\blicensed feature\b/i, "policy"],
  [/\b(?:not enough|insufficient) permissions?\b|\bpermission denied\b/i, "right"],
];
/** An identity's own policy, by Amazon, is what gives it rights. */
const policyOfAccount = /identity-based policy|resource-based policy|permissions boundary|session policy/i;
/** Says that a login was good before, whichever code goes with it. */
const expired =
  /\b(?:has|have|is) expired\b|\b(?:token|credentials|session|password) expired\b|: expired\b|ExpiredToken/i;
/** Says that a login is not known, to a registry whose token service takes every one. */
const unknownLogin = /\bcan(?:not|'t) be authenticated\b|\bbad credentials\b/i;

const readOnly = /\bread[- ]?only\b/i;
const refinable = new Set<RefusalReason>(["right", "policy", "tooLarge", "invalid", "unsupported", "failed"]);

/** What else may expire, which no other login helps. */
const otherExpired = inOrder(/\b(?:licen[cs]e|subscription|trial|plan|certificate)\b/i, /\bexpired\b/i);

/** Whether a registry says that a login has expired. */
export function saysExpired(words: string): boolean {
  return expired.test(words) && !otherExpired.test(words);
}

/** Whether a registry says that it is the login that it refuses, and not what the account may do. */
export function isAboutLogin({ words }: Refusal): boolean {
  return saysExpired(words) || unknownLogin.test(words);
}

/**
 * Finds out why a request is refused: by the registry's code, else by the status.
 *
 * @param names what the request names, such as the repository: they may hold any word and decide nothing
 */
export function reasonOf(refusal: Refusal, names: readonly string[] = []): RefusalReason {
  const { status, isReadOnly, words } = refusal;
  if (isReadOnly) return "readOnly";
  const coded = refusal.codes.map((code) => byCode.get(code)).find((reason) => reason !== undefined);
  const reason = coded ?? byStatus(refusal);
  // Quay refuses so what no account may at the moment.
  const isOfAll = reason === "right" && status === 405;
  const told = withoutNames(words, names);
  if (!refinable.has(reason)) return reason === "unavailable" && readOnly.test(told) ? "readOnly" : reason;
  const found = finer.find(([test]) => test.test(told))?.[1];
  if (found === "policy" && policyOfAccount.test(told)) return reason;
  return found ?? (isOfAll ? "policy" : reason);
}

function byStatus({ status, isPage }: Refusal): RefusalReason {
  if (isPage && (status < 400 || [400, 403, 406, 451].includes(status))) return "page";
  switch (status) {
    case 400:
    case 422:
      return "invalid";
    case 401:
      return "login";
    case 403:
      return "right";
    case 404:
    case 410:
      return "absent";
    case 405:
    case 501:
      return "unsupported";
    case 407:
      return "proxyLogin";
    case 412:
    case 451:
      return "policy";
    case 413:
      return "tooLarge";
    case 429:
      return "tooOften";
    case 503:
      return "unavailable";
    case 507:
      return "quota";
    default:
      return "failed";
  }
}

/** Takes out what is quoted, resources of clouds, and names: they may hold any word. */
function withoutNames(words: string, names: readonly string[]): string {
  let rest = words
    .replace(/"[^"]*"|`[^`]*`|(?<=^|[\s(:=,])'[^']*'/g, " ")
    .replace(/\barn:[^\s,;]+|\bprojects\/[^\s,;]+|https?:\/\/[^\s,;]+/gi, " ");
  for (const name of names) if (name !== "") rest = withoutWord(rest, name);
  return rest;
}

/** Takes out a name where it is no part of a word: a repository may be called "a". */
function withoutWord(text: string, name: string): string {
  let rest = "";
  let from = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (isInWord(text[at - 1]) || isInWord(text[at + name.length])) continue;
    rest += `${text.slice(from, at)} `;
    from = at + name.length;
  }
  return rest + text.slice(from);
}

function isInWord(character = " "): boolean {
  return /[\w-]/.test(character);
}
