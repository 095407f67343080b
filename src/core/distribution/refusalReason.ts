import { inOrder, type WordTest } from "../base/wordsInOrder";
import type { Refusal } from "./refusal";

/** Reason for refusing a request, which decides the remedy. */
export type RefusalReason =
  /** The credentials are missing, wrong, or expired. */
  | "login"
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
  ...codes("right", "DENIED", "FORBIDDEN", "PERMISSION_DENIED", "INSUFFICIENT_SCOPE"),
  ...codes("absent", "NAME_UNKNOWN", "MANIFEST_UNKNOWN", "BLOB_UNKNOWN", "NOT_FOUND", "TAG_EXPIRED"),
  ...codes("tooOften", "TOOMANYREQUESTS", "TOO_MANY_REQUESTS", "RESOURCE_EXHAUSTED"),
  ...codes("quota", "QUOTA_EXCEEDED", "QUOTAEXCEEDED"),
  ...codes("immutable", "TAG_ALREADY_EXISTS", "TAG_IMMUTABLE"),
  ...codes("readOnly", "READ_ONLY", "READONLY"),
  ...codes("unavailable", "UNAVAILABLE"),
  ...codes("policy", "PROJECTPOLICYVIOLATION", "PRECONDITION", "FAILED_PRECONDITION"),
  ...codes("tooLarge", "SIZE_INVALID"),
  ...codes(
    "invalid",
    ...["MANIFEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_UNVERIFIED", "NAME_INVALID", "TAG_INVALID"],
    ...["DIGEST_INVALID", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "RANGE_INVALID", "INVALID_REQUEST"],
  ),
  ...codes("unsupported", "UNSUPPORTED", "METHOD_NOT_ALLOWED"),
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
  [/immutab|be overwritten|tag was already pushed|does not allow updating|disallowed on this registry/i, "immutable"],
  [/\bquota|storage (?:limit|resource)|upper limit|insufficient storage|no space left/i, "quota"],
  [inOrder(/\bdisk\b/i, /\bis too high\b/i), "quota"],
  [inOrder(/client with IP/i, /not allowed/i), "network"],
  [/\bfirewall|geo-?(?:ip|block)|IP address is not allowed|not allowed from (?:this|your) (?:ip|network)/i, "network"],
  [/API has not been used|API is (?:disabled|not enabled)|SERVICE_DISABLED/i, "apiOff"],
  [/\bpolic(?:y|ies)\b|vulnerabilit/i, "policy"],
  [/\b(?:not enough|insufficient) permissions?\b|\bpermission denied\b/i, "right"],
];
/** An identity's own policy, by Amazon, is what gives it rights. */
const policyOfAccount = /identity-based policy|resource-based policy|permissions boundary/i;

const refinable = new Set<RefusalReason>(["right", "policy", "tooLarge", "invalid", "unsupported", "failed"]);

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
  const found = refinable.has(reason) ? finer.find(([test]) => test.test(told))?.[1] : undefined;
  if (found === "policy" && policyOfAccount.test(told)) return reason;
  return found ?? (isOfAll ? "policy" : reason);
}

function byStatus({ status, isPage }: Refusal): RefusalReason {
  if (isPage && (status < 400 || status === 403 || status === 406 || status === 451)) return "page";
  switch (status) {
    case 400:
    case 422:
      return "invalid";
    case 401:
      return "login";
    case 403:
      return "right";
    case 404:
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

function withoutNames(words: string, names: readonly string[]): string {
  let rest = words.replace(/"[^"]*"|(?<=^|[\s(:=,])'[^']*'/g, " ");
  for (const name of names) if (name !== "") rest = rest.replaceAll(name, " ");
  return rest;
}
