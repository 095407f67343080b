import { compilePattern, type CompiledPattern } from "./compilePattern";
import { Exceptions } from "./exceptions";
import { GoRegexpError } from "./goRegexp";
import type { Place } from "./automaton";
import { MatchingLimits } from "./matchingLimits";
import { malformed, tooComplex, type ContextBuilder, type IgnorePattern, type IgnoreProblem } from "./parseIgnoreFile";

/** What an ignore list says of one entry. */
export interface Verdict {
  readonly excluded: boolean;
  /** The line that decided; nothing when no line applies. */
  readonly decidedBy?: IgnorePattern;
  /** Where to go on below a directory; nothing for anything else, and where the builder does not look further. */
  readonly inside?: Scope;
}

/** A directory as an ignore list sees it: the lines that can still matter below it. */
export interface Scope {
  /** Empty for the root, else the directory's path with a trailing slash. */
  readonly prefix: string;
  readonly lines: readonly ScopedLine[];
}

interface ScopedLine {
  readonly line: CompiledLine;
  /** Whether the line applies to the directory, and so to everything below it. */
  readonly hit: boolean;
  /** Where the line's automaton stands after the prefix. */
  readonly place?: Place;
}

/** A pattern that cannot be compiled has a problem instead, which matters only when it is tried. */
type CompiledLine = IgnorePattern & Partial<CompiledPattern> & { readonly problem?: IgnoreProblem };

/** Why a pattern cannot be compiled, as builders tell it. */
export function problemOf(pattern: IgnorePattern, { at, isTooComplex }: GoRegexpError): IgnoreProblem {
  return isTooComplex ? tooComplex(pattern) : malformed(pattern, at);
}

/** Thrown when a line is tried that cannot be compiled. */
export class InvalidPatternError extends Error {
  constructor(readonly problem: IgnoreProblem) {
    super(problem.reason);
  }
}

/**
 * Decides what an ignore file keeps out of a context, exactly as one of the two builders does. Knows paths only, not
 * the disk.
 *
 * The rule is not "the last line that matches wins": a line is tried on an entry only where it would change the verdict
 * of the lines before it, and only a line that was tried and matched a directory applies to what is below.
 *
 * Libraries are left: `ignore` has Git's rules, and `@balena/dockerignore` translates patterns to JavaScript's regular
 * expressions; both decide otherwise than the builders do.
 */
export class IgnoreList {
  readonly root: Scope;
  readonly #exceptions: Exceptions;

  constructor(patterns: readonly IgnorePattern[], builder: ContextBuilder) {
    const limits = new MatchingLimits();
    const compiled = new Map<string, Partial<CompiledPattern> | GoRegexpError>();
    const lines = patterns.map((pattern) => compileLine(pattern, compiled, limits));
    this.root = { prefix: "", lines: lines.map((line) => ({ line, hit: false, place: line.automaton?.start })) };
    this.#exceptions = new Exceptions(patterns, builder);
  }

  /**
   * The verdict on an entry of the directory that `scope` stands for.
   *
   * @throws InvalidPatternError when a line that cannot be compiled has to be tried
   */
  decide(scope: Scope, name: string, isDirectory: boolean): Verdict {
    let excluded = false;
    let decidedBy: CompiledLine | undefined;
    const inside: ScopedLine[] | undefined = isDirectory ? [] : undefined;
    for (const scoped of scope.lines) {
      const { line } = scoped;
      const tried = !scoped.hit && line.exception === excluded;
      if (tried && line.problem) throw new InvalidPatternError(line.problem);
      const runs = isDirectory || (tried && name.endsWith(line.nameEnd ?? ""));
      const place = runs && scoped.place ? line.automaton?.run(scoped.place, name) : undefined;
      const hit = scoped.hit || (tried && place?.accepts === true);
      if (hit) {
        excluded = !line.exception;
        decidedBy = line;
      }
      if (!inside) continue;
      if (hit) inside.push(scoped.hit ? scoped : { line, hit });
      else if (!line.automaton) inside.push(scoped);
      else if (place && !place.dead) inside.push({ line, hit, place });
    }
    if (!inside) return { excluded, decidedBy };
    const prefix = `${scope.prefix}${name}/`;
    if (excluded && this.#exceptions.skips(prefix)) return { excluded, decidedBy };
    return { excluded, decidedBy, inside: { prefix, lines: belowSlash(inside) } };
  }
}

/** Lines that say the same share what comes of it. */
function compileLine(
  pattern: IgnorePattern,
  known: Map<string, Partial<CompiledPattern> | GoRegexpError>,
  limits: MatchingLimits,
): CompiledLine {
  let compiled = known.get(pattern.text);
  if (!compiled) known.set(pattern.text, (compiled = compiledOrError(pattern.text, limits)));
  return compiled instanceof GoRegexpError
    ? { ...pattern, problem: problemOf(pattern, compiled) }
    : { ...pattern, ...compiled };
}

function compiledOrError(text: string, limits: MatchingLimits): CompiledPattern | GoRegexpError {
  try {
    return compilePattern(text, limits);
  } catch (error) {
    if (error instanceof GoRegexpError) return error;
    throw error;
  }
}

function belowSlash(lines: readonly ScopedLine[]): ScopedLine[] {
  const below: ScopedLine[] = [];
  for (const scoped of lines) {
    const { line, place } = scoped;
    if (!place || !line.automaton) {
      below.push(scoped);
      continue;
    }
    const next = line.automaton.run(place, "/");
    if (!next.dead) below.push({ line, hit: false, place: next });
  }
  return below;
}
