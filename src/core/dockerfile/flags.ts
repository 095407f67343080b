import { isSpace } from "../base/goText";

/** Flag of an instruction and its position in the joined line. */
export interface PlacedFlag {
  /** Lowercase, without the two dashes. */
  readonly name: string;
  readonly value?: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the flags before an instruction's arguments; removes quotes and escape characters. BuildKit treats each byte of
 * them as a character, so `é` becomes two characters.
 *
 * @param offset position in the line at which the text begins
 * @returns the flags and the position after them
 */
export function readFlags(
  line: string,
  offset: number,
  escape: string,
): { readonly flags: PlacedFlag[]; readonly end: number } {
  const flags: PlacedFlag[] = [];
  if (!line.slice(offset).trimStart().startsWith("--")) return { flags, end: offset };
  const { bytes, places } = bytesOf(line, offset);
  let at = 0;
  for (;;) {
    while (at < bytes.length && isSpace(bytes.charAt(at))) at++;
    if (!bytes.startsWith("--", at)) break;
    const start = at;
    let word = "";
    let quote = "";
    for (; at < bytes.length && (quote !== "" || !isSpace(bytes.charAt(at))); at++) {
      const character = bytes.charAt(at);
      if (quote === "" && (character === '"' || character === "'")) quote = character;
      else if (character === quote) quote = "";
      else if (character !== escape) word += character;
      else if (++at < bytes.length) word += bytes.charAt(at);
    }
    if (word === "--") break;
    const equals = word.indexOf("=");
    const name = word.slice(2, equals < 0 ? undefined : equals).toLowerCase();
    flags.push({ name, value: equals < 0 ? undefined : word.slice(equals + 1), start: places(start), end: places(at) });
  }
  return { flags, end: places(at) };
}

/** Returns the bytes of a line as characters, and a function that returns the position of each in the line. */
function bytesOf(line: string, offset: number): { readonly bytes: string; readonly places: (byte: number) => number } {
  const text = line.slice(offset);
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  if (bytes.length === text.length) return { bytes, places: (byte) => offset + byte };
  const starts: number[] = [];
  let at = offset;
  for (const character of text) {
    for (let i = Buffer.byteLength(character); i > 0; i--) starts.push(at);
    at += character.length;
  }
  return { bytes, places: (byte) => starts[byte] ?? line.length };
}
