/** Limits on the memory that foreign JSON text takes: `[[],[],…` takes ten times its length. */
export interface JsonLimits {
  /** Nesting depth; default is 64. */
  readonly maxDepth?: number;
  /** Number of objects, arrays, and values together; default is 300,000. */
  readonly maxValues?: number;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/**
 * Parses foreign JSON text, whose length the caller has limited. Drops keys named `__proto__` and replaces lone
 * surrogates with U+FFFD, because both make later code fail unexpectedly.
 *
 * @returns undefined if the text is not JSON or exceeds the limits
 */
export function parseJson(text: string, { maxDepth = 64, maxValues = 300_000 }: JsonLimits = {}): unknown {
  if (!fits(text, maxDepth, maxValues)) return undefined;
  try {
    // Escapes may hide either, so only text without them is returned as parsed.
    return text.includes("\\u") || text.includes("__proto__") ? cleaned(JSON.parse(text)) : JSON.parse(text);
  } catch {
    return undefined; // The parser's error would quote the text, which may contain a secret.
  }
}

/** Checks depth and number of values outside of strings, without building any. */
function fits(text: string, maxDepth: number, maxValues: number): boolean {
  let [depth, values] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at + 1);
    else if (code === comma) values++;
    else if (opening.has(code)) {
      values++;
      if (++depth > maxDepth) return false;
    } else if (closing.has(code)) depth--;
    if (values > maxValues) return false;
  }
  return true;
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) return at;
  }
  return text.length;
}

/** Drops `__proto__` keys and lone surrogates; recursive, because the depth is limited. */
function cleaned(value: unknown): unknown {
  if (typeof value === "string") return wellFormed(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key === "__proto__" ? [] : [[wellFormed(key), cleaned(each)]])),
  );
}

function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
