/** Controls, marks that turn the direction of text, and other characters that show nothing: they could make a message read as another. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** What somebody else says, as one line of a message: without what cannot be seen, and not longer than `maxLength`. */
export function foreignWords(text: string, maxLength = 300): string {
  // Cut first: the rest is not worth the time.
  const words = text.slice(0, maxLength * 4).replace(unseen, " ").replace(/ {2,}/g, " ").trim();
  // A cut may leave half a character.
  return words.length <= maxLength ? words : `${words.slice(0, maxLength - 1).replace(/\p{Cs}$/u, "").trimEnd()}…`;
}
