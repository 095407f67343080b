const ellipsis = "…";
/** Share of a shortened text that is kept at its beginning. */
const beginning = 0.6;

/**
 * Cuts a text in the middle, because its beginning says what it is about and its end contains the remedy, or a file's
 * extension.
 *
 * @param limit length of the result in UTF-16 units, including the ellipsis
 */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const first = Math.ceil((limit - ellipsis.length) * beginning);
  const last = limit - ellipsis.length - first;
  const end = text.length - last;
  return (
    text.slice(0, isInPair(text, first) ? first - 1 : first) +
    ellipsis +
    text.slice(isInPair(text, end) ? end + 1 : end)
  );
}

/** Shortens each run of characters without spaces, such as a path, so that it doesn't displace the rest of the text. */
export function shortenWords(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return mapParts(
    text,
    (i) => text.charCodeAt(i) <= 0x20,
    (word) => shorten(word, limit),
  );
}

/** Shortens only the texts between each two double quotes. */
export function shortenQuoted(text: string, limit: number): string {
  let isQuoted = false;
  return mapParts(
    text,
    (i) => text[i] === '"',
    (part) => {
      const shown = isQuoted ? shorten(part, limit) : part;
      isQuoted = !isQuoted;
      return shown;
    },
  );
}

/** Maps the parts between separators of one character each, and keeps the separators. */
function mapParts(text: string, isSeparator: (index: number) => boolean, map: (part: string) => string): string {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && !isSeparator(i)) continue;
    parts.push(map(text.slice(start, i)), text.charAt(i));
    start = i + 1;
  }
  return parts.join("");
}

/** Checks whether a cut would split a surrogate pair. */
function isInPair(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
