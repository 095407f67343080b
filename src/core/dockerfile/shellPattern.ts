/** Limit on the work for all patterns of one Dockerfile. */
export interface PatternBudget {
  /** Remaining comparisons of a character with a part of a pattern. */
  left: number;
}

/** Part of a pattern: a literal character, `?` (`one`) or `*` (`many`). */
type Part = { readonly literal: string } | "one" | "many";

/** First match of a pattern, by its start and end in characters. */
interface Match {
  readonly start: number;
  readonly end: number;
}

/**
 * Removes a pattern's match from the beginning or end of a value, as `${name#pattern}` and `${name%pattern}` do.
 *
 * @param isLongest whether to remove the longest match, as `##` and `%%` do
 * @returns undefined for a pattern that BuildKit refuses, or that takes too long
 */
export function trimMatch(
  value: string,
  pattern: string,
  side: "start" | "end",
  isLongest: boolean,
  budget: PatternBudget,
): string | undefined {
  const parts = partsOf(pattern);
  if (!parts) return undefined;
  const characters = [...value];
  if (side === "end") {
    parts.reverse();
    characters.reverse();
  }
  const end = matchAt(characters, 0, parts, isLongest, budget);
  if (budget.left < 0) return undefined;
  const rest = characters.slice(end ?? 0);
  return (side === "end" ? rest.reverse() : rest).join("");
}

/**
 * Replaces the first or each match of a pattern, as `${name/pattern/replacement}` and `${name//pattern/replacement}`
 * do.
 *
 * @returns undefined for a pattern that BuildKit refuses or that takes too long, or if the replacement of each match
 * may refer to groups
 */
export function replaceMatches(
  value: string,
  pattern: string,
  replacement: string,
  isEach: boolean,
  budget: PatternBudget,
): string | undefined {
  const parts = partsOf(pattern);
  if (!parts || (isEach && replacement.includes("$"))) return undefined;
  const characters = [...value];
  let result = "";
  let [searchFrom, lastEnd] = [0, 0];
  while (searchFrom <= characters.length) {
    const match = firstMatch(characters, searchFrom, parts, budget);
    if (budget.left < 0) return undefined;
    if (!match) break;
    result += characters.slice(lastEnd, match.start).join("");
    // An empty match right after another match is not replaced.
    if (match.end > lastEnd || match.start === 0) result += replacement;
    lastEnd = match.end;
    if (!isEach) break;
    searchFrom = Math.max(searchFrom + 1, match.end);
  }
  return result + characters.slice(lastEnd).join("");
}

function partsOf(pattern: string): Part[] | undefined {
  const parts: Part[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "*") parts.push("many");
    else if (character === "?") parts.push("one");
    else if (character !== "\\") parts.push({ literal: character });
    else {
      const next = characters[++at];
      if (next === undefined || !"*?\\}/".includes(next)) return undefined;
      parts.push({ literal: next });
    }
  }
  return parts;
}

function firstMatch(
  characters: readonly string[],
  from: number,
  parts: readonly Part[],
  budget: PatternBudget,
): Match | undefined {
  for (let start = from; start <= characters.length; start++) {
    const end = matchAt(characters, start, parts, true, budget);
    if (end !== undefined) return { start, end };
  }
  return undefined;
}

/**
 * Reads the value once, keeping all possible positions in the pattern; returns the end of the match, undefined if there
 * is none.
 */
function matchAt(
  characters: readonly string[],
  start: number,
  parts: readonly Part[],
  isLongest: boolean,
  budget: PatternBudget,
): number | undefined {
  let states = withSkips(new Set([0]), parts);
  let end: number | undefined;
  for (let at = start; ; at++) {
    if (states.has(parts.length)) {
      end = at;
      if (!isLongest) break;
    }
    budget.left -= states.size + 1;
    const character = characters[at];
    if (character === undefined || states.size === 0 || budget.left < 0) break;
    const next = new Set<number>();
    for (const state of states) {
      const part = parts[state];
      if (part === "many" && character !== "\n") next.add(state);
      else if (part === "one" ? character !== "\n" : typeof part === "object" && part.literal === character)
        next.add(state + 1);
    }
    states = withSkips(next, parts);
  }
  return end;
}

/** Adds the position after each `*`, which may match nothing. The loop also visits positions that it adds. */
function withSkips(states: Set<number>, parts: readonly Part[]): Set<number> {
  for (const state of states) if (parts[state] === "many") states.add(state + 1);
  return states;
}
