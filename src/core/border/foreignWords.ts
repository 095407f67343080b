/** Control characters, bidi marks, and other invisible characters, which could make a message read as another. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/**
 * Makes one line of a message from foreign text: replaces invisible characters with spaces and cuts it to `maxLength`
 * characters.
 */
export function foreignWords(text: string, maxLength = 300): string {
  // Cuts first, so that no time is spent on text that is not shown.
  const words = text
    .slice(0, maxLength * 4)
    .replace(unseen, " ")
    .replace(/ {2,}/g, " ")
    .trim();
  // The cut may split a surrogate pair.
  return words.length <= maxLength
    ? words
    : `${words
        .slice(0, maxLength - 1)
        .replace(/\p{Cs}$/u, "")
        .trimEnd()}…`;
}

/** Replaces invisible characters in foreign text of several lines with spaces. */
export function foreignLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(unseen, " ").trimEnd())
    .join("\n");
}
