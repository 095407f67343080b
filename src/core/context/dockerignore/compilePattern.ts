import { Automaton, type Matcher } from "./automaton";
import { GoRegexpError, literal, parseGoRegexp, type Expression } from "./goRegexp";
import { LiteralMatcher } from "./literalMatcher";
import { largestPattern, MatchingLimits } from "./matchingLimits";

/** A pattern, ready to be matched against paths. */
export interface CompiledPattern {
  readonly automaton: Matcher;
  /** What the last name of every path that matches ends with. */
  readonly nameEnd: string;
  /** How many steps its counts add to what is written. */
  readonly counted: number;
}

/**
 * Compiles one pattern as patternmatcher does: texts without wildcards are compared, with `**` at one end they are
 * compared at the other, and everything else becomes a regular expression.
 *
 * @param limits what the patterns of its list may take together
 * @throws GoRegexpError with the place in the pattern, for a pattern that Docker calls a syntax error only once it
 * meets a path to try it on, and for one that is too complex
 * @see https://github.com/moby/patternmatcher
 */
export function compilePattern(pattern: string, limits = new MatchingLimits()): CompiledPattern {
  if (!wildcard.test(pattern))
    return { automaton: new LiteralMatcher(pattern), nameEnd: literalEnd(pattern), counted: 0 };
  const { form, source } = translate(pattern);
  // What is written out is as long as it is, and no character of it leads to more than one place.
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

/** Compiles a pattern that nobody wrote like that; returns nothing for one that cannot be used. */
export function compiledIfValid(pattern: string): CompiledPattern | undefined {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof GoRegexpError) return undefined;
    throw error;
  }
}

const wildcard = /[*?[\]\\]/;

/** `**\/` is three characters and becomes eight steps, `*` one and three. */
const stepsPerCharacter = 4;

function expressionOf(pattern: string, form: Form, source: string): Expression {
  if (form === "exact") return sequence(start, literal(pattern), end);
  if (form === "prefix") return sequence(start, literal(pattern.slice(0, -2)));
  if (form === "regexp") return parseGoRegexp(source);
  const suffix = pattern.slice(2);
  const whole = suffix.startsWith("/") ? [sequence(start, literal(suffix.slice(1)), end)] : [];
  return { kind: "choice", options: [sequence(literal(suffix), end), ...whole] };
}

/** Most names are told apart by their ends, for which no automaton has to run. */
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

/** A pattern as a regular expression. */
interface Translation {
  readonly form: Form;
  readonly source: string;
}

/** The regular expression that a pattern becomes, for those that are not compared as they are. */
export function regexpSourceOf(pattern: string): string {
  return translate(pattern).source;
}

/** For each unit of the regular expression the place in the pattern that it comes from. */
function originsOf(pattern: string): number[] {
  const origins = [0];
  translate(pattern, (length, taken) => {
    while (origins.length < length) origins.push(taken);
  });
  return origins;
}

/**
 * `{`, `}`, `|` and `^` go through unescaped, as they do in Docker.
 *
 * @param told is told how long the expression has become by what begins at a place in the pattern
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
