/** A piece of a name in a pattern. */
export type NamePart = { readonly literal: string } | { readonly wildcard: "*" | "?" } | { readonly oneOf: string };

/** What stands between two slashes of a pattern: any number of folders, or the pieces of a name. */
export type GlobSegment = "**" | readonly NamePart[];

/**
 * Takes a pattern apart into names; nothing where its wildcards are not about single names, which only the regular
 * expression tells.
 */
export function globSegments(pattern: string): readonly GlobSegment[] | undefined {
  if (!/[*?[\]\\]/.test(pattern)) return pattern.split("/").map((literal) => [{ literal }]);
  const suffix = /^\*\*\/([^*?[\]\\]+)$/.exec(pattern)?.[1];
  if (suffix !== undefined) return ["**", ...suffix.split("/").map((literal) => [{ literal }])];
  const segments: GlobSegment[] = [];
  // A slash in a class or after a backslash leaves pieces of which no name can be made.
  for (const text of pattern.split("/")) {
    const segment = text === "**" ? text : nameParts(text);
    if (segment === undefined) return undefined;
    if (segment !== "**" || segments.at(-1) !== "**") segments.push(segment);
  }
  return segments;
}

function nameParts(text: string): NamePart[] | undefined {
  const parts: NamePart[] = [];
  const piece = /\\([^0-9A-Za-z])|([*?])|\[([^\]^\\*?[/]+)\]|([^\\*?[{}|^]+)/suy;
  while (piece.lastIndex < text.length) {
    const [all, escaped, wildcard, members, plain] = piece.exec(text) ?? [];
    if (all === undefined || (wildcard === "*" && text[piece.lastIndex] === "*")) return undefined;
    if (members !== undefined && hasSlash(members)) return undefined;
    const literal = escaped ?? plain;
    const last = parts.at(-1);
    if (literal !== undefined && last && "literal" in last)
      parts[parts.length - 1] = { literal: last.literal + literal };
    else if (literal !== undefined) parts.push({ literal });
    else parts.push(members === undefined ? { wildcard: wildcard === "*" ? "*" : "?" } : { oneOf: members });
  }
  return parts;
}

/** Whether a range of a class spans the slash. */
function hasSlash(members: string): boolean {
  return [...members.matchAll(/(.)-(.)/gsu)].some(([, low = "", high = ""]) => low <= "/" && high >= "/");
}
