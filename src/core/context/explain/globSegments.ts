/** Part of a name in a pattern. */
export type NamePart = { readonly literal: string } | { readonly wildcard: "*" | "?" } | { readonly oneOf: string };

/** Text between two slashes of a pattern: any number of folders, or the parts of a name. */
export type GlobSegment = "**" | readonly NamePart[];

/**
 * Splits a pattern into names. Returns undefined if its wildcards don't apply to single names; only its regular
 * expression then describes the pattern.
 */
export function globSegments(pattern: string): readonly GlobSegment[] | undefined {
  if (!/[*?[\]\\]/.test(pattern)) return pattern.split("/").map((literal) => [{ literal }]);
  const suffix = /^\*\*\/([^*?[\]\\]+)$/.exec(pattern)?.[1];
  if (suffix !== undefined) return ["**", ...suffix.split("/").map((literal) => [{ literal }])];
  const segments: GlobSegment[] = [];
  // A slash in a class or after a backslash splits the text into pieces that can't be parsed as names.
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

/** Whether a range of a class includes the slash. */
function hasSlash(members: string): boolean {
  return [...members.matchAll(/(.)-(.)/gsu)].some(([, low = "", high = ""]) => low <= "/" && high >= "/");
}
