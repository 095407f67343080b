import { isPlaceholder, secretFormats, type SecretFormat } from "./secretFormats";

/** Secret found in a text, without its value. */
export interface FoundSecret {
  /** Kind of secret, such as a private key. */
  readonly what: string;
  /** Line number, from 1. */
  readonly line: number;
}

/** Characters per step; about 200 MB are searched per second. */
const sectionSize = 256 * 1024;
/** Number of possible matches per step. */
const stepSize = 16;
/** Characters by which sections overlap; longer than any start. */
const overlap = 64;

/** Formats by the fixed text that each of their secrets starts with, so that only those places are examined. */
const formatsByStart = new Map<string, SecretFormat[]>();
for (const format of secretFormats) {
  for (const start of format.starts) formatsByStart.set(start, [...(formatsByStart.get(start) ?? []), format]);
}
const starts = [...formatsByStart.keys()].sort((a, b) => b.length - a.length);
const anyStart = new RegExp(starts.map((start) => start.replace(/[.\-/]/g, "\\$&")).join("|"), "g");

/**
 * Searches a text for secrets, step by step; reports each kind once, at its first occurrence.
 *
 * @param isInTime returns whether to continue; called after each step
 */
export function* findSecrets(text: string, isInTime: () => boolean = () => true): Generator<undefined, FoundSecret[]> {
  const found = new Map<string, FoundSecret>();
  let places = 0;
  for (let begin = 0; begin < text.length && isInTime(); begin += sectionSize) {
    const section = text.slice(begin, begin + sectionSize + overlap);
    for (const match of section.matchAll(anyStart)) {
      const at = begin + match.index;
      const format = formatsByStart.get(match[0])?.find((each) => !found.has(each.what) && isSecretAt(each, text, at));
      if (format) found.set(format.what, { what: format.what, line: lineAt(text, at) });
      if (++places % stepSize > 0) continue;
      yield undefined;
      if (!isInTime()) break;
    }
    yield undefined;
  }
  return [...found.values()];
}

/** Whether a secret of this format begins at a position; its fixed start has been found there. */
function isSecretAt({ form, isReal }: SecretFormat, text: string, at: number): boolean {
  form.lastIndex = at;
  const match = form.exec(text);
  if (!match) return false;
  const secret = match[1] ?? match[0];
  return !isPlaceholder(secret) && (isReal?.(text, at, secret) ?? true);
}

function lineAt(text: string, at: number): number {
  let line = 1;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", end + 1)) line++;
  return line;
}
