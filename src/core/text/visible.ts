/** Stands for a character that has no safe appearance of its own. */
const unshown = "\uFFFD";
/** Stands for a line end where a text is one line. */
const lineEnd = "↵";

/**
 * Every character that hides, reorders, joins or controls what is around it: control characters, halves of surrogate
 * pairs, line and paragraph separators, marks and overrides of direction, and whatever Unicode lets programs leave out,
 * which a text can be hidden in: characters without a width, fillers, selectors, annotations, musical and shorthand
 * marks, tags. A single class, so that it is found without going back; `\r\n` is one line end.
 */
const special = /\r\n|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/gu;
/** Chooses how the character before it looks. */
const selector = /^[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]$/u;
const ignorable = /^\p{Default_Ignorable_Code_Point}$/u;

const lineEnds = new Set(["\r\n", "\n", "\v", "\f", "\r", "\u0085", "\u2028", "\u2029"]);

/**
 * Replaces every character that hides, reorders or controls text by one that shows that it is there: ↵ for a line end,
 * � for all others. Takes time linear in the text.
 *
 * @param keep `lines` leaves line feeds and tabs as they are
 */
export function visible(text: string, keep: "oneLine" | "lines" = "oneLine"): string {
  return text.replace(special, (found: string, at: number) => {
    if (found === "\t") return keep === "lines" ? "\t" : " ";
    if (lineEnds.has(found)) return keep === "lines" && /[\r\n]/.test(found) ? "\n" : lineEnd;
    const isJoiner = found === "\u200c" || found === "\u200d";
    return (isJoiner && joins(text, at)) || (selector.test(found) && selects(text, at)) ? "" : unshown;
  });
}

/** Persian words and emoji are joined by characters without a width, and can be read without them. */
function joins(text: string, at: number): boolean {
  return [at - 1, at + 1].every(
    (beside) => text.charCodeAt(beside) > 0x7f && !"\u200c\u200d".includes(text.charAt(beside)),
  );
}

/**
 * An emoji or a character of Chinese has one selector, and can be read without it; a text is hidden in many, or in one
 * behind a letter.
 */
function selects(text: string, at: number): boolean {
  const before = String.fromCodePoint(text.codePointAt(isLowSurrogate(text, at - 1) ? at - 2 : at - 1) ?? 0);
  const isKeycap = text.charCodeAt(at + 1) === 0x20e3;
  return isKeycap || (before > "\x7f" && !ignorable.test(before));
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
