/**
 * Whether Go's `filepath.Match(pattern, ".")` calls the pattern well-formed; builders ask that before they use any pattern.
 * The pattern is cut into chunks at its stars, and no chunk after the first that cannot match is looked at.
 */
export function isWellFormedGlob(pattern: string): boolean {
  let rest = [...pattern];
  let name: string[] | undefined = ["."];
  while (rest.length > 0 && name) {
    const stars = rest.findIndex((character) => character !== "*");
    if (stars < 0) return true;
    const chunkEnd = endOfChunk(rest, stars);
    const chunk = rest.slice(stars, chunkEnd);
    rest = rest.slice(chunkEnd);
    const starts: string[][] = stars > 0 && name.length > 0 ? [name, []] : [name];
    const ends = starts.map((start) => matchChunk(chunk, start));
    if (ends.includes("malformed")) return false;
    name = ends.filter((end) => Array.isArray(end)).find((end) => end.length === 0 || rest.length > 0);
  }
  return true;
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

/** What of the name is left after the chunk, nothing if it does not match. */
function matchChunk(chunk: readonly string[], name: readonly string[]): string[] | "malformed" | undefined {
  let matches = true;
  let at = 0;
  for (let i = 0; i < chunk.length; i++) {
    const subject = name[at++];
    let character = chunk[i];
    if (character === "[") {
      const parsed = matchClass(chunk, i + 1, subject);
      if (!parsed) return "malformed";
      i = parsed.last;
      matches &&= subject !== undefined && parsed.matches;
      continue;
    }
    if (character === "\\") {
      character = chunk[++i];
      if (character === undefined) return "malformed";
      matches &&= character === subject;
    } else {
      matches &&= character === "?" ? subject !== undefined && subject !== "/" : character === subject;
    }
  }
  return matches ? name.slice(at) : undefined;
}

/** The class whose first character after `[` is at `start`, nothing if it is malformed. */
function matchClass(chunk: readonly string[], start: number, subject = ""): { last: number; matches: boolean } | undefined {
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

/** A class never ends with its character: at least `]` must follow. */
function classCharacter(chunk: readonly string[], at: number): { code: number; end: number } | undefined {
  let i = at;
  if (chunk[i] === "-" || chunk[i] === "]") return undefined;
  if (chunk[i] === "\\") i++;
  const character = chunk[i];
  if (character === undefined || i + 1 >= chunk.length) return undefined;
  return { code: character.codePointAt(0) ?? 0, end: i + 1 };
}
