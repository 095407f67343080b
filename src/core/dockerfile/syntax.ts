import { parseJson } from "../border/parseJson";

/** Docker's own frontend, whose rules are followed here. */
const dockersFrontend = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;
/** Largest JSON file whose syntax is read, in characters. */
const largestJson = 1024 * 1024;

/**
 * Returns the image of the frontend that a Dockerfile requires; undefined for the daemon's own.
 *
 * @see https://docs.docker.com/reference/dockerfile/#syntax
 */
export function syntaxOf(text: string, buildArgs: Readonly<Record<string, string>> = {}): string | undefined {
  const given = buildArgs["BUILDKIT_SYNTAX"];
  if (given !== undefined) return firstWord(given);
  const written = text.replace(/^\ufeff/, "");
  return syntaxInComments(written) ?? syntaxInJson(written);
}

/** Checks whether a frontend other than Docker's reads the file, so that it may be misread here. */
export function isForeignSyntax(syntax: string | undefined): boolean {
  return syntax !== undefined && !dockersFrontend.test(syntax);
}

/** Searches the comments at the top, also below other comments, which BuildKit no longer does. */
function syntaxInComments(text: string): string | undefined {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end).trim();
    if (!line.startsWith("#") && !line.startsWith("//")) return undefined;
    const comment = line.replace(/^(?:#|\/\/)/, "").trimStart();
    const equals = comment.indexOf("=");
    if (equals > 0 && comment.slice(0, equals).trimEnd().toLowerCase() === "syntax")
      return firstWord(comment.slice(equals + 1));
    start = end + 1;
  }
  return undefined;
}

function syntaxInJson(text: string): string | undefined {
  if (!text.trimStart().startsWith("{") || text.length > largestJson) return undefined;
  // Text that is not valid JSON is an invalid Dockerfile.
  const value = parseJson(text);
  const syntax = typeof value === "object" && value !== null && "syntax" in value ? value.syntax : undefined;
  return typeof syntax === "string" ? firstWord(syntax) : undefined;
}

function firstWord(text: string): string | undefined {
  return text.trim().split(/\s+/, 1)[0] || undefined;
}
