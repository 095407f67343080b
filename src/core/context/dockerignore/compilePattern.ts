import { Automaton } from "./automaton";
import type { Matcher } from "./matcher";
import { GoRegexpError, literal, parseGoRegexp, type Expression } from "./goRegexp";
import { LiteralMatcher } from "./literalMatcher";
import { largestPattern, MatchingLimits } from "./matchingLimits";

/** Compiled pattern that can be matched against paths. */
export interface CompiledPattern {
  readonly automaton: Matcher;
  /** Suffix that the last name of every matching path has; may be empty. */
  readonly nameEnd: string;
  /** Number of steps that repeat counts add to the written pattern. */
  readonly counted: number;
}

/**
 * Compiles one pattern as patternmatcher does: a pattern without wildcards is compared as text, a `**` at one end
 * becomes a comparison of the other end, and everything else becomes a regular expression.
 *
 * @param limits limits shared by all patterns of the list
 * @throws GoRegexpError for a pattern that Docker reports as a syntax error only when it first tries it on a path (`at`
 * is the position in the pattern), and for a pattern that is too complex
 * @see https://github.com/moby/patternmatcher
 */
export function compilePattern(pattern: string, limits = new MatchingLimits()): CompiledPattern {
  if (!wildcard.test(pattern))
    return { automaton: new LiteralMatcher(pattern), nameEnd: literalEnd(pattern), counted: 0 };
  const { form, source } = translate(pattern);
  // Upper bound of the steps without repeat counts, which alone can make a program much longer than its pattern.
  const written = stepsPerCharacter * (pattern.length + 1);
  const largest = form === "regexp" ? Math.min(largestPattern, written + Math.max(0, limits.countedLeft)) : Infinity;
  try {
    const automaton = new Automaton(expressionOf(pattern, form, source), largest, limits);
    const counted = Math.max(0, automaton.size - written);
    limits.takeCounted(counted);
    return { automaton, nameEnd: form === "prefix" ? "" : literalEnd(pattern), counted };
  } catch (error) {
    if (error instanceof GoRegexpError && !error.isTooComplex)
      error.at = Math.min(originsOf(pattern)[error.at] ?? pattern.length, pattern.length - 1);
    throw error;
  }
}

/** Compiles a pattern that was not read from a file; returns undefined if it is invalid or too complex. */
export function compiledIfValid(pattern: string): CompiledPattern | undefined {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof GoRegexpError) return undefined;
    throw error;
  }
}

const wildcard = /[*?[\]\\]/;

/** `**\/` has three characters and becomes eight steps; `*` has one and becomes three. */
const stepsPerCharacter = 4;

function expressionOf(pattern: string, form: Form, source: string): Expression {
  if (form === "exact") return sequence(start, literal(pattern), end);
  if (form === "prefix") return sequence(start, literal(pattern.slice(0, -2)));
  if (form === "regexp") return parseGoRegexp(source);
  const suffix = pattern.slice(2);
  const whole = suffix.startsWith("/") ? [sequence(start, literal(suffix.slice(1)), end)] : [];
  return { kind: "choice", options: [sequence(literal(suffix), end), ...whole] };
}

/** Returns the literal text at the end of a pattern. Comparing it rules out most names without running an automaton. */
function literalEnd(pattern: string): string {
  if (pattern.includes("|") || pattern.includes("\\")) return "";
  let start = pattern.length;
  while (start > 0 && !"/*?[]{}^\ufeff".includes(pattern.charAt(start - 1))) start--;
  return pattern.slice(start);
}

const start: Expression = { kind: "assertion", assertion: "start" };
const end: Expression = { kind: "assertion", assertion: "end" };

function sequence(...parts: Expression[]): Expression {
  return { kind: "sequence", parts };
}

type Form = "exact" | "prefix" | "suffix" | "regexp";

/** Regular expression of a pattern, and how it is matched. */
interface Translation {
  readonly form: Form;
  readonly source: string;
}

/** Returns the regular expression that a pattern translates to. */
export function regexpSourceOf(pattern: string): string {
  return translate(pattern).source;
}

/** Returns, for each UTF-16 unit of the regular expression, the position in the pattern that it comes from. */
function originsOf(pattern: string): number[] {
  const origins = [0];
  translate(pattern, (length, taken) => {
    while (origins.length < length) origins.push(taken);
  });
  return origins;
}

/**
 * Translates a pattern. Leaves `{`, `}`, `|`, and `^` unescaped, as Docker does.
 *
 * @param told callback that receives, for each part of the pattern, the length of the expression after it and the
 * position where the part begins
 */
function translate(pattern: string, told?: (length: number, taken: number) => void): Translation {
  // Go's scanner drops a byte order mark.
  const characters = [...(pattern.startsWith("\ufeff") ? pattern.slice(1) : pattern)];
  let form: Form = "exact";
  let source = "^";
  let taken = pattern.startsWith("\ufeff") ? 1 : 0;
  for (let i = 0; i < characters.length; i++) {
    const begin = i;
    const character = characters[i] ?? "";
    const next = characters[i + 1];
    if (character === "*" && next === "*") {
      const first = i === 0;
      i += characters[i + 2] === "/" ? 2 : 1;
      if (i + 1 < characters.length) {
        source += "(.*/)?";
        form = "regexp";
      } else {
        source += ".*";
        form = form === "exact" ? "prefix" : "regexp";
      }
      if (first) form = "suffix";
    } else if (character === "*" || character === "?") {
      source += character === "*" ? "[^/]*" : "[^/]";
      form = "regexp";
    } else if (".+()$".includes(character)) {
      source += `\\${character}`;
    } else if (character === "\\" && next !== undefined) {
      source += character + next;
      form = "regexp";
      i++;
    } else {
      source += character;
      if (character === "[" || character === "]") form = "regexp";
    }
    if (!told) continue;
    told(source.length, taken);
    taken += characters.slice(begin, i + 1).join("").length;
  }
  return { form, source: `${source}$` };
}
