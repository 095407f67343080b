/**
 * Returns the position, in UTF-16 units, where Go's `filepath.Match(pattern, ".")` finds a pattern malformed, or
 * undefined if it finds no fault. Builders run this check before they use a pattern. As in Go, the pattern is split
 * into chunks at its stars, and chunks after the first one that can't match are not checked.
 */
export function faultInGlob(pattern: string): number | undefined {
  const characters = [...pattern];
  let name: string[] | undefined = ["."];
  for (let at = 0; at < characters.length && name;) {
    let start = at;
    while (characters[start] === "*") start++;
    if (start === characters.length) return undefined;
    const end = endOfChunk(characters, start);
    const chunk = characters.slice(start, end);
    const begins: string[][] = start > at && name.length > 0 ? [name, []] : [name];
    const rests = begins.map((begin) => matchChunk(chunk, begin));
    const fault = rests.find((rest) => typeof rest === "number");
    if (fault !== undefined) return characters.slice(0, start + fault).join("").length;
    name = rests.filter((rest) => Array.isArray(rest)).find((rest) => rest.length === 0 || end < characters.length);
    at = end;
  }
  return undefined;
}

function endOfChunk(pattern: readonly string[], start: number): number {
  let inClass = false;
  for (let i = start; i < pattern.length; i++) {
    const character = pattern[i];
    if (character === "\\") i++;
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "*" && !inClass) return i;
  }
  return pattern.length;
}

/**
 * Returns the rest of the name after the chunk, undefined if the chunk doesn't match, or the position where it is
 * malformed.
 */
function matchChunk(chunk: readonly string[], name: readonly string[]): string[] | number | undefined {
  let matches = true;
  let at = 0;
  for (let i = 0; i < chunk.length; i++) {
    const subject = name[at++];
    let character = chunk[i];
    if (character === "[") {
      const parsed = matchClass(chunk, i + 1, subject);
      if (!parsed) return i;
      i = parsed.last;
      matches &&= subject !== undefined && parsed.matches;
      continue;
    }
    if (character === "\\") {
      character = chunk[++i];
      if (character === undefined) return i - 1;
      matches &&= character === subject;
    } else {
      matches &&= character === "?" ? subject !== undefined && subject !== "/" : character === subject;
    }
  }
  return matches ? name.slice(at) : undefined;
}

/**
 * Matches a character against the class whose content begins at `start`; returns undefined if the class is malformed.
 */
function matchClass(
  chunk: readonly string[],
  start: number,
  subject = "",
): { last: number; matches: boolean } | undefined {
  const negated = chunk[start] === "^";
  let matches = false;
  let i = negated ? start + 1 : start;
  const first = i;
  while (chunk[i] !== "]" || i === first) {
    const low = classCharacter(chunk, i);
    if (!low) return undefined;
    let high = low;
    if (chunk[low.end] === "-") {
      const end = classCharacter(chunk, low.end + 1);
      if (!end) return undefined;
      high = end;
    }
    const code = subject.codePointAt(0) ?? -1;
    matches ||= low.code <= code && code <= high.code;
    i = high.end;
  }
  return { last: i, matches: matches !== negated };
}

/**
 * Reads one character of a class; returns undefined if it is malformed or the last of the chunk, because `]` must
 * follow.
 */
function classCharacter(chunk: readonly string[], at: number): { code: number; end: number } | undefined {
  let i = at;
  if (chunk[i] === "-" || chunk[i] === "]") return undefined;
  if (chunk[i] === "\\") i++;
  const character = chunk[i];
  if (character === undefined || i + 1 >= chunk.length) return undefined;
  return { code: character.codePointAt(0) ?? 0, end: i + 1 };
}
