import { withoutEnd } from "../../base/trimText";

/** Go's `%q` of a text. */
export function goQuote(text: string): string {
  return `"${[...text].map((character) => quoted(character, '"')).join("")}"`;
}

/** Go's `%q` of a list of texts. */
export function goQuoteList(texts: readonly string[]): string {
  return `[${texts.map(goQuote).join(" ")}]`;
}

/** Go's `%q` of a number, which it takes for a character. */
export function goQuoteNumber(value: number): string {
  const character = value >= 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff) ? value : 0xfffd;
  return `'${quoted(String.fromCodePoint(character), "'")}'`;
}

const short: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

function quoted(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const known = short[character];
  if (known !== undefined) return known;
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Go's `time.ParseDuration` for times that are not negative, in nanoseconds; undefined for anything else. */
export function parseGoDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const pieces = /^\+?((?:\d{1,15}(?:\.\d{0,9})?(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/.exec(text)?.[1];
  if (pieces === undefined) return undefined;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of pieces.matchAll(
    /(\d{1,15})(?:\.(\d{0,9}))?([a-z\u00b5\u03bc]{1,2})/g,
  )) {
    const scale = units[unit] ?? 0n;
    total += BigInt(whole) * scale + (BigInt(fraction.padEnd(9, "0")) * scale) / 1_000_000_000n;
  }
  const nanoseconds = Number(total);
  return Number.isSafeInteger(nanoseconds) ? nanoseconds : undefined;
}

/** Go's text of a duration, such as `1m30s` or `500ms`. */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return "0s";
  if (nanoseconds < 1_000) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000) return `${decimal(nanoseconds, 3)}\u00b5s`;
  if (nanoseconds < 1_000_000_000) return `${decimal(nanoseconds, 6)}ms`;
  const seconds = Math.floor(nanoseconds / 1e9);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60)];
  const last = decimal(Math.round(nanoseconds - minutes * 6e10), 9);
  return `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes % 60}m` : ""}${last}s`;
}

function decimal(value: number, digits: number): string {
  const text = String(value).padStart(digits + 1, "0");
  const fraction = withoutEnd(text.slice(-digits), "0");
  return text.slice(0, -digits) + (fraction && `.${fraction}`);
}
