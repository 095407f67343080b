/**
 * Go's `filepath.Match` on slash-separated paths: `*` and `?` stop at a slash, `[` begins a class, `\` escapes. A
 * broken pattern matches nothing.
 */
export function goMatch(pattern: string, name: string): boolean {
  const parts = partsOf([...pattern]);
  if (!parts) return false;
  const characters = [...name];
  // Possible positions in the pattern; no more states than parts, so the work is bounded.
  let states = withSkips(new Set([0]), parts);
  for (const character of characters) {
    const next = new Set<number>();
    for (const state of states) {
      const part = parts[state];
      if (part === undefined) continue;
      if (part === "many") {
        if (character !== "/") next.add(state);
      } else if (part(character)) next.add(state + 1);
    }
    states = withSkips(next, parts);
    if (states.size === 0) return false;
  }
  return states.has(parts.length);
}

/** Whether a path has wildcards that are not escaped. */
export function hasWildcards(name: string): boolean {
  return /^(?:[^\\*?[]|\\.|\\$)*[*?[]/s.test(name);
}

type Part = "many" | ((character: string) => boolean);

function withSkips(states: Set<number>, parts: readonly Part[]): Set<number> {
  // A set goes on to what is added meanwhile.
  for (const state of states) if (parts[state] === "many") states.add(state + 1);
  return states;
}

function partsOf(pattern: readonly string[]): Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    if (character === "*") parts.push("many");
    else if (character === "?") parts.push((each) => each !== "/");
    else if (character === "[") {
      const found = classAt(pattern, at + 1);
      if (!found) return undefined;
      parts.push(found.matches);
      at = found.end;
    } else {
      const literal = character === "\\" ? pattern[++at] : character;
      if (literal === undefined) return undefined;
      parts.push((each) => each === literal);
    }
  }
  return parts;
}

/** Go's class takes a slash as any other character. */
function classAt(
  pattern: readonly string[],
  start: number,
): { readonly matches: (character: string) => boolean; readonly end: number } | undefined {
  const isNegated = pattern[start] === "^";
  const ranges: (readonly [low: number, high: number])[] = [];
  let at = isNegated ? start + 1 : start;
  const read = (): number | undefined => {
    let character = pattern[at];
    if (character === undefined || character === "-" || character === "]") return undefined;
    if (character === "\\") character = pattern[++at];
    at++;
    return at < pattern.length ? character?.codePointAt(0) : undefined;
  };
  while (pattern[at] !== "]" || ranges.length === 0) {
    const low = read();
    let high = low;
    if (pattern[at] === "-") {
      at++;
      high = read();
    }
    if (low === undefined || high === undefined) return undefined;
    ranges.push([low, high]);
  }
  const holds = (code: number): boolean => ranges.some(([low, high]) => code >= low && code <= high);
  return { matches: (character) => holds(character.codePointAt(0) ?? 0) !== isNegated, end: at };
}
