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

/** After how many patterns a step ends. */
const stepSize = 64;
/** How many patterns' matches are kept beside those of the list at hand. */
const keptPatterns = 64;
const keptAnswers = 1024;
/** How many numbers all patterns together may keep of what was found out while matching. */
const keptNumbers = 8_000_000;
/**
 * How much memory the evaluations that are kept may take, and how much one takes for each path. The tree does not
 * change while they are kept.
 */
const keptBytes = 32 * 1024 * 1024;
const bytesPerPath = 5;
/** Of its key, which holds its lines, and of what is known of each of these. */
const bytesPerCharacter = 16;

/**
 * Evaluates ignore files against a tree, and keeps what each pattern matches: an edit of one line costs only that line.
 */
export class Evaluator {
  readonly #matches = new Map<string, LineMatches | GoRegexpError>();
  readonly #limits = new MatchingLimits(keptNumbers);

  readonly #evaluations: Recall<Evaluation>;
  /** The first path that something asked by a key finds. */
  readonly firstPaths: Recall<{ readonly id?: PathId }>;
  /** Another reader of the same files. */
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
   * Evaluates in slices of some 10 ms, and begins anew where it was when the tree changes meanwhile.
   *
   * @throws ImageBuilderError `dockerignoreInvalid` when lines and paths are so many that it takes too much
   * @throws the signal's reason when it is aborted
   */
  evaluate(patterns: readonly IgnorePattern[], options: EvaluateOptions, signal?: AbortSignal): Promise<Evaluation> {
    return this.#inSlices(() => this.steps(patterns, options), signal);
  }

  /**
   * The paths that a pattern's text matches by themselves, evaluated in slices; nothing for a pattern that cannot be
   * used.
   *
   * @throws the signal's reason when it is aborted
   */
  match(text: string, signal?: AbortSignal): Promise<LineMatches | undefined> {
    return this.#inSlices(() => this.#update(text), signal).then((matches) =>
      matches instanceof LineMatches ? matches : undefined,
    );
  }

  /** The work of an evaluation, step by step; the tree must not change before it is done. */
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

  /** Lines that match nothing are left out, so that what is typed does not count before it matches something. */
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
