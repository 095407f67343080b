import { escapePath } from "./escapePath";

/** A line of an ignore file that names exactly one path; nothing for a path that no line can name. */
export function lineFor(path: string): string | undefined {
  if (/[\n\r]/.test(path)) return undefined;
  return (
    escapePath(path)
      // Spaces at the edges of a line are no part of it, and a comment or an exception begins with these.
      .replace(/^[#!]/, "[$&]")
      .replace(/^\s|\s$/g, "[$&]")
  );
}
