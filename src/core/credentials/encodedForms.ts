import { withoutEnd } from "../base/trimText";

/** Shortest form in characters: shorter ones would match parts of ordinary words. */
const minLength = 6;

/**
 * Largest value in bytes that is searched for in encoded forms; a larger one is searched for only by its lines and long
 * words.
 */
const maxEncoded = 4096;

/** Longest form in characters; longer ones, such as a long line of a large file, are not searched for. */
const maxForm = 65_536;

/** Shortest word of a longer text, in characters, that may be a secret by itself, such as the token in an `.npmrc`. */
const wordLength = 16;

/** Widths at which `base64` and PEM break lines. */
const lineWidths = [64, 76];

/**
 * Lists the texts in which a secret may appear: as it is, by its lines and long words, in base64 of both alphabets
 * (also in the middle of something longer, as in `user:password`), URL-encoded, escaped for JSON, or a shell, and in
 * hexadecimal digits. No form contains a line break.
 *
 * @returns the forms, longest first; none for a secret of fewer than 6 bytes
 */
export function encodedForms(secret: string | Uint8Array): string[] {
  const bytes = Buffer.from(secret);
  const text = bytes.toString("utf8");
  const whole = [...new Set([text, text.trim()])];
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  const words = text.length > wordLength ? text.split(/[\s"'`=,;:]+/).filter(isTokenLike) : [];
  const forms = [...lines, ...words];
  if (text.trim().length >= minLength && bytes.length <= maxEncoded)
    forms.push(...whole.flatMap((each) => [...base64Forms(Buffer.from(each)), ...textForms(each)]));
  if (bytes.length <= maxEncoded) forms.push(...base64Forms(bytes), ...hexForms(bytes));
  return [...new Set(forms)]
    .filter((form) => form.length >= minLength && form.length <= maxForm && !form.includes("\n"))
    .sort((a, b) => b.length - a.length);
}

/**
 * Checks whether a word looks like a token. Paths, addresses, and plain words of a file are more useful in a message
 * than they are secret.
 */
function isTokenLike(word: string): boolean {
  return word.length >= wordLength && /\d/.test(word) && /[A-Za-z]/.test(word) && !/^[/.~]|@/.test(word);
}

function base64Forms(bytes: Buffer): string[] {
  if (bytes.length < minLength) return [];
  const padded = bytes.toString("base64");
  const parts = [0, 1, 2].map((before) => {
    // The first and last characters also contain bits of the neighboring bytes.
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const broken = lineWidths.flatMap((width) => (padded.length > width ? piecesOf(padded, width) : []));
  const all = [padded, withoutEnd(padded, "="), ...parts, ...broken];
  return all.flatMap((each) => [each, each.replaceAll("+", "-").replaceAll("/", "_")]);
}

function piecesOf(text: string, width: number): string[] {
  return Array.from({ length: Math.ceil(text.length / width) }, (_, i) => text.slice(i * width, (i + 1) * width));
}

function hexForms(bytes: Buffer): string[] {
  const digits = bytes.toString("hex");
  return bytes.length < minLength ? [] : [digits, digits.toUpperCase()];
}

function textForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const goJson = json.replace(/[<>&\u2028\u2029]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [
    ...urlForms(text),
    ...[json, goJson, json.replaceAll("/", "\\/")].flatMap((each) => [each, JSON.stringify(each).slice(1, -1)]),
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[^\w@%+=:,./-]/g, "\\$&"),
    text.replace(/[$`"\\]/g, "\\$&"),
  ];
}

function urlForms(text: string): string[] {
  const escapeByte = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  const every = Array.from(Buffer.from(text), escapeByte).join("");
  const component = encodeURIComponent(text);
  const strict = component.replace(/[!'()*]/g, (each) => escapeByte(each.charCodeAt(0)));
  const form = new URLSearchParams({ a: text }).toString().slice(2);
  const all = [component, strict, form, encodeURI(text), every];
  return all.flatMap((each) => [each, each.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
}
