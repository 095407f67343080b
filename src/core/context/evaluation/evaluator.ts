import { inSlices } from "../../base/batches";
import { compilePattern } from "../dockerignore/compilePattern";
import { Exceptions } from "../dockerignore/exceptions";
import { GoRegexpError } from "../dockerignore/goRegexp";
import { DockerPyEvaluator } from "../dockerPy/evaluateAsDockerPy";
import { problemOf } from "../dockerignore/ignoreList";
import { MatchingLimits } from "../dockerignore/matchingLimits";
import type { IgnorePattern } from "../dockerignore/parseIgnoreFile";
import type { EvaluateOptions, Evaluation } from "./evaluation";
import { checkRoom } from "../tree/evaluationRoom";
import { judgePaths } from "./judgePaths";
import type { Line } from "./line";
import { LineMatches } from "../tree/lineMatches";
import type { PathId, PathTree } from "../tree/pathTree";
import { Recall } from "../tree/recall";
import { WidenedEvaluation } from "./widenedEvaluation";

/** Number of patterns per step. */
const stepSize = 64;
/** Number of patterns whose matches are kept in addition to those of the current list. */
const keptPatterns = 64;
const keptAnswers = 1024;
/** Cache limit of all patterns' automatons together, in numbers. */
const keptNumbers = 8_000_000;
/**
 * Memory limit of the cached evaluations, and memory of one evaluation per path, in bytes. The tree doesn't change
 * while they are cached.
 */
const keptBytes = 32 * 1024 * 1024;
const bytesPerPath = 5;
/** Memory per character of an evaluation's key, in bytes; includes what is kept for each rule of the key. */
const bytesPerCharacter = 16;

/**
 * Evaluates ignore files against a tree. Caches the matches of each pattern, so an edit of one line costs only that
 * line.
 */
export class Evaluator {
  readonly #matches = new Map<string, LineMatches | GoRegexpError>();
  readonly #limits = new MatchingLimits(keptNumbers);

  readonly #evaluations: Recall<Evaluation>;
  /** First path that a query finds, by the query's key. */
  readonly firstPaths: Recall<{ readonly id?: PathId }>;
  /** Evaluator of the same tree with docker-py's rules. */
  readonly dockerPy: DockerPyEvaluator;

  constructor(readonly tree: PathTree) {
    this.#evaluations = new Recall(
      tree,
      () => keptBytes,
      (key) => bytesPerPath * tree.idLimit + bytesPerCharacter * key.length,
    );
    this.firstPaths = new Recall(tree, () => keptAnswers);
    this.dockerPy = new DockerPyEvaluator(tree);
  }

  /**
   * Evaluates in slices of about 10 ms, and restarts when the tree changes in the meantime.
   *
   * @throws ImageBuilderError `dockerignoreInvalid` if rules and paths are too many
   * @throws the signal's reason when it is aborted
   */
  evaluate(patterns: readonly IgnorePattern[], options: EvaluateOptions, signal?: AbortSignal): Promise<Evaluation> {
    return this.#inSlices(() => this.steps(patterns, options), signal);
  }

  /**
   * Finds the paths that a pattern's text matches directly, in slices; returns undefined for an invalid pattern.
   *
   * @throws the signal's reason when it is aborted
   */
  match(text: string, signal?: AbortSignal): Promise<LineMatches | undefined> {
    return this.#inSlices(() => this.#update(text), signal).then((matches) =>
      matches instanceof LineMatches ? matches : undefined,
    );
  }

  /** Runs an evaluation step by step; the tree must not change before the end. */
  *steps(patterns: readonly IgnorePattern[], options: EvaluateOptions): Generator<undefined, Evaluation> {
    checkRoom(patterns.length, this.tree.idLimit);
    const lines: Line[] = [];
    for (const pattern of patterns) {
      if (lines.length % stepSize === stepSize - 1) yield;
      const matches = yield* this.#update(pattern.text);
      lines.push(
        matches instanceof LineMatches ? { pattern, matches } : { pattern, problem: problemOf(pattern, matches) },
      );
    }
    this.#forget(patterns.length + keptPatterns);
    return yield* this.#judge(lines, options);
  }

  /**
   * Leaves out rules that match nothing, so that typing a rule reuses the cached evaluation until the rule matches
   * something.
   */
  *#judge(lines: readonly Line[], options: EvaluateOptions): Generator<undefined, Evaluation> {
    const { builder, rule = "builder", prune = rule === "builder" } = options;
    const all = new Exceptions(
      lines.map(({ pattern }) => pattern),
      builder,
    );
    const exceptions = prune && !all.lookEverywhere ? all : undefined;
    const places = lines.flatMap((line, place) => ("problem" in line || !line.matches.paths.isEmpty ? [place] : []));
    const counting = places.flatMap((place) => lines[place] ?? []);
    const keyOf = (some: readonly Line[]): string[] =>
      some.map(({ pattern }) => `${pattern.exception ? "!" : " "}${pattern.text}`);
    const key = JSON.stringify([
      builder,
      rule,
      keyOf(counting),
      exceptions && keyOf(lines.filter(({ pattern }) => pattern.exception)).sort(),
    ]);
    const judged = yield* this.#evaluations.steps(key, () => judgePaths(this.tree, counting, exceptions, options));
    return new WidenedEvaluation(judged, lines, places);
  }

  *#update(text: string): Generator<undefined, LineMatches | GoRegexpError> {
    const matches = this.#matches.get(text) ?? compile(this.tree, text, this.#limits);
    this.#matches.delete(text);
    this.#matches.set(text, matches);
    if (matches instanceof LineMatches) yield* matches.update();
    return matches;
  }

  #forget(limit: number): void {
    for (const text of this.#matches.keys()) {
      if (this.#matches.size <= limit) return;
      const forgotten = this.#matches.get(text);
      if (forgotten instanceof LineMatches) this.#limits.takeCounted(-forgotten.forget());
      this.#matches.delete(text);
    }
  }

  #inSlices<T>(begin: () => Generator<undefined, T>, signal: AbortSignal | undefined): Promise<T> {
    let revision = this.tree.revision;
    const begun = (): Generator<undefined, T> => {
      revision = this.tree.revision;
      return begin();
    };
    return inSlices(begun, signal, () => this.tree.revision !== revision);
  }
}

/** Evaluates an ignore file once. @throws the signal's reason when it is aborted */
export function evaluate(
  patterns: readonly IgnorePattern[],
  tree: PathTree,
  options: EvaluateOptions,
  signal?: AbortSignal,
): Promise<Evaluation> {
  return new Evaluator(tree).evaluate(patterns, options, signal);
}

function compile(tree: PathTree, text: string, limits: MatchingLimits): LineMatches | GoRegexpError {
  try {
    return new LineMatches(tree, compilePattern(text, limits));
  } catch (error) {
    if (error instanceof GoRegexpError) return error;
    throw error;
  }
}
