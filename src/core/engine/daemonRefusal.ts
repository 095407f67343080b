import { foreignWords } from "../border/foreignWords";
import type { Refusal } from "../distribution/refusal";

/**
 * The error codes of the Distribution API as Go's client writes them before a registry's words: `DENIED` is `denied:`.
 * A daemon passes nothing else on.
 */
const codes = [
  ...["UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS", "UNAVAILABLE", "UNKNOWN"],
  ...["NAME_UNKNOWN", "NAME_INVALID", "MANIFEST_UNKNOWN", "MANIFEST_INVALID", "MANIFEST_UNVERIFIED"],
  ...["MANIFEST_BLOB_UNKNOWN", "TAG_INVALID", "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN"],
  ...["DIGEST_INVALID", "SIZE_INVALID", "RANGE_INVALID"],
];
const codeByWords = new Map(codes.map((code) => [code.toLowerCase().replaceAll("_", " "), code]));

/** Before an HTTP status, by containerd, by Docker, and by BuildKit. */
const beforeStatus = /(?:unexpected status|status code|HTTP status|error parsing HTTP|failed with status)/i;
const maxWords = 300;

/**
 * Reads a registry's refusal out of the words of the daemon that met it.
 *
 * @returns undefined where the daemon passes on neither a code nor a status, so that it need not be a refusal
 */
export function daemonRefusal(words: string): Refusal | undefined {
  const isPage = /<(?:!doctype|html|head|title|h1)\b/i.test(words);
  const told = isPage ? (/<title>([^<]{1,300})/i.exec(words)?.[1] ?? "") : words;
  const refusal = { words: foreignWords(told, maxWords), isPage, isReadOnly: false };
  if (/no basic auth credentials/i.test(words)) return { ...refusal, status: 401, codes: [] };
  const found = codesIn(words);
  if (/insufficient_scope|pull access denied|push access denied/i.test(words)) found.push("DENIED");
  const status = statusIn(words);
  if (found.length === 0 && status === undefined) return undefined;
  return { ...refusal, status: status ?? 0, codes: found };
}

/** Finds codes that begin a line or follow on `: `; of a HEAD request there is nothing else. */
function codesIn(words: string): string[] {
  const found: string[] = [];
  for (const line of words.split("\n")) {
    for (const part of line.split(": ")) {
      const code =
        codeByWords.get(part.trim().toLowerCase()) ?? (codes.includes(part.trim()) ? part.trim() : undefined);
      if (code !== undefined) found.push(code);
    }
  }
  return found;
}

function statusIn(words: string): number | undefined {
  const place = beforeStatus.exec(words);
  if (!place) return undefined;
  const [, told] =
    /\b([45]\d\d)\b/.exec(words.slice(place.index + place[0].length).replace(/"[^"]*"|https?:\/\/\S*/g, " ")) ?? [];
  return told === undefined ? undefined : Number(told);
}
