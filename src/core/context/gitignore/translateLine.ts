import { lineFor } from "../lint/state/lineFor";
import type { GitIgnoreLine } from "./gitIgnored";
import { withoutEnd } from "../../base/trimText";

/**
 * Translates a line of a `.gitignore` to a line of a `.dockerignore` with the same meaning, except that only Git can
 * limit a line to folders. An exception stays one.
 *
 * @param context the context's folder, as a path from the repository's root with slashes
 * @returns undefined for comments and empty lines, and for lines that can't be translated, such as those with wildcards
 * that match from above the context into it
 */
export function translateLine(
  { file, text }: Pick<GitIgnoreLine, "file" | "text">,
  context: string,
): string | undefined {
  const written = withoutTrailingSpace(text);
  if (written === "" || written.startsWith("#")) return undefined;
  const exception = written.startsWith("!") ? "!" : "";
  const pattern = withoutEnd(written.slice(exception.length), "/");
  if (pattern === "") return undefined;
  const isAnchored = pattern.includes("/");
  const translated = patternOf(pattern.replace(/^\//, ""));
  if (translated === undefined) return undefined;
  const within = below(file.folder, context);
  if (within !== undefined) {
    const folder = within === "" ? "" : `${lineFor(within) ?? ""}/`;
    if (folder === "/") return undefined;
    return exception + (isAnchored ? folder + startOf(folder, translated) : `${folder}**/${translated}`);
  }
  if (!isAnchored || translated.startsWith("**/")) return `${exception}${isAnchored ? "" : "**/"}${translated}`;
  const above = `${lineFor(below(context, file.folder) ?? "") ?? ""}/`;
  return translated.startsWith(above) ? exception + startOf("", translated.slice(above.length)) : undefined;
}

/** A space after a backslash belongs to the name. */
function withoutTrailingSpace(text: string): string {
  const { length } = text.trimEnd();
  return text.slice(0, text.charAt(length - 1) === "\\" ? length + 1 : length);
}

/**
 * Converts a pattern to Docker's syntax, in which `{`, `}`, `|`, and `^` are special, `^` negates a class, and letters
 * are not escaped. Returns undefined if a backslash ends the pattern.
 */
function patternOf(pattern: string): string | undefined {
  let translated = "";
  const ends = new ClassEnds(pattern);
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    const end = character === "[" ? ends.after(at) : undefined;
    if (end !== undefined) {
      const negated = "!^".includes(pattern.charAt(at + 1));
      translated += `[${negated ? "^" : ""}${pattern.slice(at + (negated ? 2 : 1), end)}]`;
      at = end;
    } else if (character === "\\") {
      const escaped = String.fromCodePoint(pattern.codePointAt(at + 1) ?? 0);
      if (at + 1 >= pattern.length) return undefined;
      translated += /[0-9A-Za-z]/.test(escaped) ? escaped : `\\${escaped}`;
      at += escaped.length;
    } else {
      translated += "{}|^".includes(character) ? `\\${character}` : character;
    }
  }
  // Docker drops spaces at the end of a line, even escaped ones.
  return translated.replace(/\\(\s)$/, "[$1]");
}

/** Finds the ends of a pattern's classes. Reads each character once, even if many brackets are never closed. */
class ClassEnds {
  #stop = -1;

  constructor(private readonly pattern: string) {}

  /**
   * Returns the position of the bracket that closes the class at `open`, or undefined if a backslash or the end of the
   * pattern comes first.
   */
  after(open: number): number | undefined {
    let from = open + ("!^".includes(this.pattern.charAt(open + 1)) ? 2 : 1);
    // A closing bracket at the start of a class is literal.
    if (this.pattern.charAt(from) === "]") from++;
    if (this.#stop < from) {
      this.#stop = from;
      while (this.#stop < this.pattern.length && !"\\]".includes(this.pattern.charAt(this.#stop))) this.#stop++;
    }
    return this.pattern.charAt(this.#stop) === "]" ? this.#stop : undefined;
  }
}

/** Puts a leading `#` or `!` in brackets, because Docker would read a comment or an exception. */
function startOf(folder: string, pattern: string): string {
  return folder === "" ? pattern.replace(/^\\?([#!])/, "[$1]") : pattern;
}

/** Returns a folder's path relative to another that it equals or is in; undefined if it is elsewhere. */
function below(folder: string, other: string): string | undefined {
  if (other === "" || folder === other) return folder === other ? "" : folder;
  return folder.startsWith(`${other}/`) ? folder.slice(other.length + 1) : undefined;
}
