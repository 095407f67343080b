import { escapePath } from "./escapePath";

/** Returns the ignore-file line that matches exactly one path, or undefined for a path with line breaks. */
export function lineFor(path: string): string | undefined {
  if (/[\n\r]/.test(path)) return undefined;
  return (
    escapePath(path)
      // Builders trim spaces at the edges of a line, and a leading `#` or `!` begins a comment or an exception.
      .replace(/^[#!]/, "[$&]")
      .replace(/^\s|\s$/g, "[$&]")
  );
}
