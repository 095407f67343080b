import { Automaton } from "./automaton";
import { literal, parseGoRegexp, type Expression } from "./goRegexp";

/**
 * Compiles one pattern as patternmatcher does: texts without wildcards are compared, with `**` at one end they are
 * compared at the other, and everything else becomes a regular expression.
 *
 * @throws GoRegexpError for a pattern that Docker calls a syntax error only once it meets a path to try it on
 * @see https://github.com/moby/patternmatcher
 */
export function compilePattern(pattern: string): Automaton {
  const { form, source } = translate(pattern);
  if (form === "exact") return new Automaton(sequence(start, literal(pattern), end));
  if (form === "prefix") return new Automaton(sequence(start, literal(pattern.slice(0, -2))));
  if (form === "regexp") return new Automaton(parseGoRegexp(source));
  const suffix = pattern.slice(2);
  const whole = suffix.startsWith("/") ? [sequence(start, literal(suffix.slice(1)), end)] : [];
  return new Automaton({ kind: "choice", options: [sequence(literal(suffix), end), ...whole] });
}

const start: Expression = { kind: "assertion", assertion: "start" };
const end: Expression = { kind: "assertion", assertion: "end" };

function sequence(...parts: Expression[]): Expression {
  return { kind: "sequence", parts };
}

type Form = "exact" | "prefix" | "suffix" | "regexp";

/** `{`, `}`, `|` and `^` go through unescaped, as they do in Docker. */
function translate(pattern: string): { form: Form; source: string } {
  // Go's scanner drops a byte order mark.
  const characters = [...(pattern.startsWith("\ufeff") ? pattern.slice(1) : pattern)];
  let form: Form = "exact";
  let source = "^";
  for (let i = 0; i < characters.length; i++) {
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
  }
  return { form, source: `${source}$` };
}
