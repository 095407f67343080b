import { escapePath } from "./escapePath";

/**
 * Writes a line of an ignore file that names exactly one path.
 *
 * @returns undefined for a path that no line can name: BuildKit fails at control characters
 */
export function lineFor(path: string): string | undefined {
  if (/\p{Cc}/u.test(path)) return undefined;
  return (
    escapePath(path)
      // Builders trim spaces at the edges of a line, and a leading `#` or `!` begins a comment or an exception.
      .replace(/^#/, "[#]")
      .replace(/^!/, "\\!")
      .replace(/^\s|\s$/g, "[$&]")
  );
}

/**
 * Writes a line that names a path with `?` for each character that not all builders read alike, such as docker-py,
 * which knows no escapes: it may match other paths, too.
 */
export function wildcardLineFor(path: string): string | undefined {
  if (/[\n\r]/.test(path)) return undefined;
  return path.replace(/[\p{Cc}\\*?[\]{}|^]/gu, "?").replace(/^[#!\s]|\s$/g, "?");
}
