import { lineFor } from "../lint/state/lineFor";
import type { GitIgnoreLine } from "./gitIgnored";
import { withoutEnd } from "../../base/trimText";

/**
 * A line for a `.dockerignore` that means what a line for Git means, apart from what only Git can say: that folders are
 * meant and files are not. An exception stays one.
 *
 * @param context the context's folder, slash-separated from the repository's root
 * @returns nothing for comments, and where wildcards reach from above the context into it
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

/** A space behind a backslash belongs to the name. */
function withoutTrailingSpace(text: string): string {
  const { length } = text.trimEnd();
  return text.slice(0, text.charAt(length - 1) === "\\" ? length + 1 : length);
}

/**
 * The same names in Docker's syntax: there `{`, `}`, `|` and `^` are special, a class is negated by `^`, and letters
 * are not escaped.
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
  // Docker drops spaces at the end of a line, escaped or not.
  return translated.replace(/\\(\s)$/, "[$1]");
}

/** Where the classes of a pattern end. Each character is looked at once, however many brackets are never closed. */
class ClassEnds {
  #stop = -1;

  constructor(private readonly pattern: string) {}

  /** The bracket that closes the one at a place; nothing if a backslash or nothing comes first. */
  after(open: number): number | undefined {
    let from = open + ("!^".includes(this.pattern.charAt(open + 1)) ? 2 : 1);
    // Right at the beginning it stands for itself.
    if (this.pattern.charAt(from) === "]") from++;
    if (this.#stop < from) {
      this.#stop = from;
      while (this.#stop < this.pattern.length && !"\\]".includes(this.pattern.charAt(this.#stop))) this.#stop++;
    }
    return this.pattern.charAt(this.#stop) === "]" ? this.#stop : undefined;
  }
}

/** A line of Docker's that begins with these would be a comment or an exception. */
function startOf(folder: string, pattern: string): string {
  return folder === "" ? pattern.replace(/^\\?([#!])/, "[$1]") : pattern;
}

/** A folder's path from another that it lies in or is; nothing if it lies elsewhere. */
function below(folder: string, other: string): string | undefined {
  if (other === "" || folder === other) return folder === other ? "" : folder;
  return folder.startsWith(`${other}/`) ? folder.slice(other.length + 1) : undefined;
}
