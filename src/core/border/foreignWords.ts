/** Matches controls, bidi marks and other characters that show nothing, with which a message could read as another. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Makes one line of a message from foreign text: drops invisible characters and cuts it to `maxLength` characters. */
export function foreignWords(text: string, maxLength = 300): string {
  // Cut first: the rest is not worth the time.
  const words = text
    .slice(0, maxLength * 4)
    .replace(unseen, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  // A cut may leave half a character.
  return words.length <= maxLength
    ? words
    : `${words
        .slice(0, maxLength - 1)
        .replace(/\p{Cs}$/u, "")
        .trimEnd()}…`;
}

/** Drops what cannot be seen from foreign text of several lines. */
export function foreignLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(unseen, " ").trimEnd())
    .join("\n");
}
