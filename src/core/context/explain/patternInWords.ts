import { regexpSourceOf } from "../dockerignore/compilePattern";
import { globSegments, type GlobSegment, type NamePart } from "./globSegments";

/**
 * Describes in words which paths a pattern matches, as in `every file or folder named "node_modules", at any depth`.
 */
export function patternInWords(pattern: string): string {
  if (/^(\.|\.\.|\.\.\/.*)$/s.test(pattern)) return "nothing, because no path in the folder has this form";
  const plain = /^([^*?[\]\\]*)\*\*$/s.exec(pattern)?.[1];
  if (plain === "") return "everything";
  if (plain?.endsWith("/")) return `everything in ${quoted(plain.slice(0, -1))}, but not the folder itself`;
  if (plain !== undefined) return `every path that begins with ${quoted(plain)}`;
  const ending = /^\*\*([^*?[\]\\/][^*?[\]\\]*)$/s.exec(pattern)?.[1];
  if (ending !== undefined) return `every path that ends with ${quoted(ending)}`;
  const segments = globSegments(pattern);
  return segments
    ? wordsFor(segments)
    : `every path that matches the regular expression ${"`"}${regexpSourceOf(pattern)}${"`"}`;
}

function wordsFor(segments: readonly GlobSegment[]): string {
  const last = segments.at(-1) ?? "**";
  const above = segments.slice(0, -1);
  if (isLiteral(segments)) return `the file or folder ${quoted(pathOf(segments))}`;
  if (last === "**" || isAnyName(last)) {
    const folders = above.at(-1) === "**" ? above.slice(0, -1) : above;
    if (folders.length === 0) return "everything";
    const others = isLiteral(folders)
      ? ", but not the folder itself"
      : folders.includes("**")
        ? ""
        : ", but not the folders themselves";
    return `everything ${placeOf(folders)}${others}`;
  }
  const literals = segments.slice(segments.findLastIndex((segment) => !isLiteral([segment])) + 1);
  if (literals.length > 1)
    return `every ${quoted(pathOf(literals))}${comma(placeOf(segments.slice(0, -literals.length)))}`;
  return `every file or folder ${nameInWords(last)}${comma(placeOf(above))}`;
}

/** Describes a location by the segments above it. */
function placeOf(segments: readonly GlobSegment[]): string {
  const last = segments.at(-1);
  if (last === undefined) return "at the root";
  if (isLiteral(segments)) return `in ${quoted(pathOf(segments))}`;
  const above = segments.slice(0, -1);
  if (last === "**") return above.length === 0 ? "at any depth" : `at any depth ${placeOf(above)}`;
  const folders = isAnyName(last) ? "every folder" : `every folder ${nameInWords(last)}`;
  return `in ${folders} ${placeOf(above)}`;
}

function nameInWords(parts: readonly NamePart[]): string {
  const [first, second, third, ...others] = parts.map((part) =>
    "literal" in part ? part.literal : "wildcard" in part && part.wildcard === "*" ? undefined : part,
  );
  if (parts.length === 1 && typeof first === "string") return `named ${quoted(first)}`;
  if (parts.length === 2 && first === undefined && typeof second === "string")
    return `whose name ends with ${quoted(second)}`;
  if (parts.length === 2 && typeof first === "string" && second === undefined)
    return `whose name begins with ${quoted(first)}`;
  if (parts.length === 3 && others.length === 0) {
    if (first === undefined && typeof second === "string" && third === undefined)
      return `whose name contains ${quoted(second)}`;
    if (typeof first === "string" && second === undefined && typeof third === "string" && !overlaps(first, third)) {
      return `whose name begins with ${quoted(first)} and ends with ${quoted(third)}`;
    }
  }
  return `whose name is ${parts.map(partInWords).join(", then ")}`;
}

function partInWords(part: NamePart): string {
  if ("literal" in part) return quoted(part.literal);
  if ("wildcard" in part) return part.wildcard === "*" ? "zero or more characters" : "one character";
  return `one of the characters ${"`"}${part.oneOf}${"`"}`;
}

/** Whether a name can begin with `begin` and end with `end` without containing both, because they overlap. */
function overlaps(begin: string, end: string): boolean {
  for (let length = Math.min(begin.length, end.length); length > 0; length--)
    if (begin.endsWith(end.slice(0, length))) return true;
  return false;
}

function isAnyName(segment: GlobSegment): boolean {
  const [only, ...others] = segment === "**" ? [] : segment;
  return only !== undefined && "wildcard" in only && only.wildcard === "*" && others.length === 0;
}

function isLiteral(segments: readonly GlobSegment[]): boolean {
  return segments.every((segment) => segment !== "**" && segment.every((part) => "literal" in part));
}

function pathOf(segments: readonly GlobSegment[]): string {
  return segments
    .map((segment) =>
      segment === "**" ? "**" : segment.map((part) => ("literal" in part ? part.literal : "")).join(""),
    )
    .join("/");
}

function comma(place: string): string {
  return place === "at any depth" ? `, ${place}` : ` ${place}`;
}

function quoted(text: string): string {
  return `"${text}"`;
}
