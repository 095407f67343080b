/** Replacement for a character without a safe appearance. */
const unshown = "\uFFFD";
/** Replacement for a line end in a text of one line. */
const lineEnd = "↵";

/**
 * Characters that hide, reorder, join, or control the text around them: control characters, lone surrogates, line and
 * paragraph separators, direction marks and overrides, and all characters that Unicode allows programs to ignore, which
 * can hide text: characters without a width, fillers, selectors, annotations, musical, and shorthand marks, tags. A
 * single character class, so that matching needs no backtracking; `\r\n` is one line end.
 */
const special = /\r\n|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/gu;
/** Variation selector, which chooses the appearance of the character before it. */
const selector = /^[\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}]$/u;
const ignorable = /^\p{Default_Ignorable_Code_Point}$/u;

const lineEnds = new Set(["\r\n", "\n", "\v", "\f", "\r", "\u0085", "\u2028", "\u2029"]);

/**
 * Replaces every character that hides, reorders, or controls text with a visible one: ↵ for a line end, � for others.
 * Drops joiners and selectors that text is readable without. Takes time linear in the text.
 *
 * @param keep `lines` keeps line feeds and tabs
 */
export function visible(text: string, keep: "oneLine" | "lines" = "oneLine"): string {
  return text.replace(special, (found: string, at: number) => {
    if (found === "\t") return keep === "lines" ? "\t" : " ";
    if (lineEnds.has(found)) return keep === "lines" && /[\r\n]/.test(found) ? "\n" : lineEnd;
    const isJoiner = found === "\u200c" || found === "\u200d";
    return (isJoiner && joins(text, at)) || (selector.test(found) && selects(text, at)) ? "" : unshown;
  });
}

/**
 * Checks whether a joiner without a width connects two characters, as in Persian words and emoji, which are readable
 * without it.
 */
function joins(text: string, at: number): boolean {
  return [at - 1, at + 1].every(
    (beside) => text.charCodeAt(beside) > 0x7f && !"\u200c\u200d".includes(text.charAt(beside)),
  );
}

/**
 * Checks whether a selector follows a character that it can apply to. An emoji or a Chinese character has one selector,
 * and is readable without it; hidden text uses many, or one after a letter.
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
