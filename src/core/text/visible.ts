/** Stands for a character that has no safe appearance of its own. */
const unshown = "\uFFFD";
/** Stands for a line end where a text is one line. */
const lineEnd = "↵";

/** Code points that reorder, hide or join the text around them; each pair is a range. */
const invisible: readonly (readonly [first: number, last: number])[] = [
  [0xad, 0xad], // soft hyphen
  [0x034f, 0x034f], // combining grapheme joiner
  [0x061c, 0x061c], // Arabic letter mark
  [0x115f, 0x1160], // Hangul fillers
  [0x17b4, 0x17b5], // Khmer inherent vowels
  [0x180b, 0x180f], // Mongolian selectors and vowel separator
  [0x200b, 0x200f], // zero-width characters, direction marks
  [0x202a, 0x202e], // bidirectional embeddings and overrides
  [0x2060, 0x206f], // word joiner, invisible operators, bidirectional isolates
  [0x3164, 0x3164], // Hangul filler
  [0xfeff, 0xfeff], // byte order mark
  [0xffa0, 0xffa0], // half-width Hangul filler
  [0xfff9, 0xfffb], // interlinear annotations
  [0x1d173, 0x1d17a], // invisible musical marks
  [0xe0000, 0xe007f], // tags
];

/** Whether all of a text is printable ASCII, which most texts are. */
function isPlainAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/**
 * Replaces every character that hides, reorders or controls text by one that shows that it is there: ↵ for a line end, � for
 * all others. Takes time linear in the text.
 *
 * @param keep `lines` leaves line feeds and tabs as they are
 */
export function visible(text: string, keep: "oneLine" | "lines" = "oneLine"): string {
  if (isPlainAscii(text)) return text;
  const parts: string[] = [];
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) ?? 0;
    const width = code > 0xffff ? 2 : 1;
    const isLineEndOfTwo = code === 0x0d && text.charCodeAt(i + 1) === 0x0a;
    parts.push(shownAs(code, text, i, keep === "lines"));
    i += isLineEndOfTwo ? 2 : width;
  }
  return parts.join("");
}

function shownAs(code: number, text: string, at: number, keepsLines: boolean): string {
  if (code >= 0x20 && code < 0x7f) return String.fromCharCode(code);
  if (isLineEnd(code)) return keepsLines && (code === 0x0a || code === 0x0d) ? "\n" : lineEnd;
  if (code === 0x09) return keepsLines ? "\t" : " ";
  if (code < 0xa0) return unshown;
  if (code >= 0xd800 && code <= 0xdfff) return unshown;
  if (code === 0x200c || code === 0x200d) return joins(text, at) ? "" : unshown;
  return invisible.some(([first, last]) => code >= first && code <= last) ? unshown : String.fromCodePoint(code);
}

/** Line feed, vertical tab, form feed, carriage return, next line, line and paragraph separator. */
function isLineEnd(code: number): boolean {
  return (code >= 0x0a && code <= 0x0d) || code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** Persian words and emoji are joined by characters without a width, and can be read without them. */
function joins(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) > 0x7f && text.charCodeAt(at + 1) > 0x7f;
}
