/**
 * Removes certain characters from the end of a text. A regular expression such as `/\/+$/` would take quadratic time on
 * a long run of them that is not at the end.
 *
 * @param characters characters to remove
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Removes certain characters from both ends of a text, as {@link withoutEnd} does from the end. */
export function withoutEdges(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text.charAt(start))) start++;
  return withoutEnd(text.slice(start), characters);
}
