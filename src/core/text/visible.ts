/** Stands for a character that has no safe appearance of its own. */
const unshown = "\uFFFD";
/** Stands for a line end where a text is one line. */
const lineEnd = "↵";

/**
 * Every character that hides, reorders, joins or controls what is around it: control characters, halves of surrogate pairs, line and
 * paragraph separators, marks and overrides of direction, characters without a width, fillers, selectors of Mongolian, annotations,
 * musical marks, tags. A single class, so that it is found without going back; `\r\n` is one line end.
 */
const special =
  /\r\n|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;

const lineEnds = new Set(["\r\n", "\n", "\v", "\f", "\r", "\u0085", "\u2028", "\u2029"]);

/**
 * Replaces every character that hides, reorders or controls text by one that shows that it is there: ↵ for a line end, � for all others.
 * Takes time linear in the text.
 *
 * @param keep `lines` leaves line feeds and tabs as they are
 */
export function visible(text: string, keep: "oneLine" | "lines" = "oneLine"): string {
  return text.replace(special, (found: string, at: number) => {
    if (found === "\t") return keep === "lines" ? "\t" : " ";
    if (lineEnds.has(found)) return keep === "lines" && /[\r\n]/.test(found) ? "\n" : lineEnd;
    const isJoiner = found === "\u200c" || found === "\u200d";
    return isJoiner && joins(text, at) ? "" : unshown;
  });
}

/** Persian words and emoji are joined by characters without a width, and can be read without them. */
function joins(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) > 0x7f && text.charCodeAt(at + 1) > 0x7f;
}
