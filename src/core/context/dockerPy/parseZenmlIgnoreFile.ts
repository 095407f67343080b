const space = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const leading = new RegExp(`^${space}+`);
const trailingCharacter = new RegExp(`${space}$`);

/**
 * Reads the patterns of an ignore file as ZenML does: comments may be indented, a lone carriage return ends a line, a
 * byte order mark is part of the first pattern, and `.zen` is always included.
 *
 * @see https://github.com/zenml-io/zenml src/zenml/image_builders/build_context.py
 */
export function parseZenmlIgnoreFile(bytes: Buffer): string[] {
  const lines = bytes
    .toString("utf8")
    .split(/\r\n|\r|\n/)
    .map(strip);
  return [...lines.filter((line) => line !== "" && !line.startsWith("#")), "!/.zen"];
}

/** Trims text as Python's `str.strip` does. */
function strip(text: string): string {
  const start = leading.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && trailingCharacter.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
