import { withoutEnd } from "../base/trimText";

/** How long a form must be: shorter ones would be found in ordinary words. */
const minLength = 6;

/** Values of more bytes are searched for as they are only, line by line. */
const maxEncoded = 4096;

/** Longer forms, such as a line of such a file, are not searched for. */
const maxForm = 65_536;

/** How long a word of a longer text must be to look like a secret of its own, such as the token in an `.npmrc`. */
const wordLength = 16;

/** The widths at which `base64` and PEM break their lines. */
const lineWidths = [64, 76];

/**
 * Lists the texts in which a secret may show up: as it is, by its lines and long words, in base64 of both alphabets
 * also in the middle of something longer (as in `user:password`), URL-encoded, escaped for JSON or a shell, and in
 * hexadecimal digits. No form has a line break.
 *
 * @returns the longest first; none for a secret of fewer than 6 characters
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

/** Paths, addresses and plain words of a file are worth more in a message than they give away. */
function isTokenLike(word: string): boolean {
  return word.length >= wordLength && /\d/.test(word) && /[A-Za-z]/.test(word) && !/^[/.~]|@/.test(word);
}

function base64Forms(bytes: Buffer): string[] {
  if (bytes.length < minLength) return [];
  const padded = bytes.toString("base64");
  const parts = [0, 1, 2].map((before) => {
    // Of what stands before and after, the outermost characters hold bits too.
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
