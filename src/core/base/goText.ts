/** Characters that Go's `strings.TrimSpace` removes; JavaScript's `trim` differs on U+0085 and U+FEFF. */
const space = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const leadingSpace = new RegExp(`^${space}+`);
const trailingCharacter = new RegExp(`${space}$`);
const oneSpace = new RegExp(`^${space}$`);

/** Checks whether a UTF-16 unit is white space, like Go's `unicode.IsSpace`. */
export function isSpace(character: string): boolean {
  return character > "~" ? oneSpace.test(character) : character === " " || (character >= "\t" && character <= "\r");
}

/** Removes white space from both ends of a text, like Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  const start = leadingSpace.exec(text)?.[0].length ?? 0;
  let end = text.length;
  // A regular expression for the whole end would take quadratic time on a long run of spaces inside the text.
  while (end > start && trailingCharacter.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Returns the shortest equivalent of a slash-separated path, `.` if that is empty, like Go's `filepath.Clean`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!rooted) parts.push(part);
  }
  return (rooted ? "/" : "") + parts.join("/") || ".";
}
