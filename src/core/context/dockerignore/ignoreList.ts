import { compilePattern, type CompiledPattern } from "./compilePattern";
import { Exceptions } from "./exceptions";
import { GoRegexpError } from "./goRegexp";
import type { Place } from "./matcher";
import { MatchingLimits } from "./matchingLimits";
import { malformed, tooComplex, type ContextBuilder, type IgnorePattern, type IgnoreProblem } from "./parseIgnoreFile";

/** Verdict of an ignore list on one entry. */
export interface Verdict {
  readonly excluded: boolean;
  /** Rule that decided; undefined if no rule applies. */
  readonly decidedBy?: IgnorePattern;
  /** Scope for the directory's contents; undefined for other entries and for directories that the builder skips. */
  readonly inside?: Scope;
}

/** Directory as an ignore list sees it, with the rules that can still match below it. */
export interface Scope {
  /** Directory's path with a trailing slash, or empty for the root. */
  readonly prefix: string;
  readonly lines: readonly ScopedLine[];
}

interface ScopedLine {
  readonly line: CompiledLine;
  /** Whether the rule applies to the directory, and therefore to everything in it. */
  readonly hit: boolean;
  /** State of the rule's automaton after the prefix. */
  readonly place?: Place;
}

/**
 * Rule with its compiled pattern, or with the problem that makes it invalid, which matters only when the rule is tried.
 */
type CompiledLine = IgnorePattern & Partial<CompiledPattern> & { readonly problem?: IgnoreProblem };

/** Returns the problem of a pattern that can't be compiled, as builders report it. */
export function problemOf(pattern: IgnorePattern, { at, isTooComplex }: GoRegexpError): IgnoreProblem {
  return isTooComplex ? tooComplex(pattern) : malformed(pattern, at);
}

/** Thrown when an invalid rule is tried. */
export class InvalidPatternError extends Error {
  constructor(readonly problem: IgnoreProblem) {
    super(problem.reason);
  }
}

/**
 * Decides what an ignore file excludes from a build context, exactly as the given builder does. Knows only paths, not
 * the disk.
 *
 * This is not "the last matching line wins": a rule is tried on an entry only if it would change the verdict of the
 * rules before it, and only a rule that was tried and matched a directory applies to the directory's contents.
 *
 * Libraries are not used: `ignore` implements Git's rules, and `@balena/dockerignore` translates patterns to
 * JavaScript's regular expressions; both decide differently from the builders.
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
   * Returns the verdict on an entry of the directory of `scope`.
   *
   * @throws InvalidPatternError if an invalid rule has to be tried
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

/** Compiles a rule; rules with the same text share the result. */
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
