import { inSlices } from "../../../base/batches";
import type { ContextBuilder, IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import type { DockerPyEvaluation } from "../../dockerPy/evaluateAsDockerPy";
import type { EvaluateOptions, Evaluation } from "../../evaluation/evaluation";
import type { Evaluator } from "../../evaluation/evaluator";
import type { LineMatches } from "../../tree/lineMatches";
import type { PathId, PathTree } from "../../tree/pathTree";
import { differenceOf, isSameContext, type Difference } from "./effect";
import { sentTotals, type SentTotals } from "./sentTotals";

/** Up to this number of paths, looking each of them up is faster. */
const fewPaths = 500;

/** Returns the paths that are not below another of them. Both lists are in tree order. */
export function topmost(tree: PathTree, ids: readonly PathId[]): PathId[] {
  const all = new Set(ids);
  return ids.filter((id) => {
    for (let above = tree.parentOf(id); above !== tree.root; above = tree.parentOf(above))
      if (all.has(above)) return false;
    return true;
  });
}

/**
 * Lines of an ignore file on a tree. Answers the questions of rules in slices, and evaluates each question only once.
 */
export class TreeView {
  readonly tree: PathTree;
  #sent?: Promise<SentTotals>;
  readonly #evaluations = new Map<string, Promise<Evaluation>>();

  constructor(
    readonly patterns: readonly IgnorePattern[],
    private readonly evaluator: Evaluator,
    readonly builder: ContextBuilder,
    readonly signal: AbortSignal | undefined,
  ) {
    this.tree = evaluator.tree;
  }

  /** Evaluates the lines; by default as the builder does. */
  evaluate(options: Partial<EvaluateOptions> = {}): Promise<Evaluation> {
    const key = JSON.stringify(options);
    const known = this.#evaluations.get(key);
    if (known) return known;
    const evaluation = this.evaluator.evaluate(this.patterns, { builder: this.builder, ...options }, this.signal);
    this.#evaluations.set(key, evaluation);
    return evaluation;
  }

  /** Returns a view of the same tree with other lines. */
  with(patterns: readonly IgnorePattern[]): TreeView {
    return new TreeView(patterns, this.evaluator, this.builder, this.signal);
  }

  /** Returns a view of the same tree without some of the lines. */
  without(...patterns: readonly IgnorePattern[]): TreeView {
    return this.with(this.patterns.filter((pattern) => !patterns.includes(pattern)));
  }

  /** Returns a view of another evaluator's tree with the same lines. */
  on(evaluator: Evaluator): TreeView {
    return new TreeView(this.patterns, evaluator, this.builder, this.signal);
  }

  /** Finds the paths that a pattern matches directly; returns undefined for an invalid pattern. */
  match(text: string): Promise<LineMatches | undefined> {
    return this.evaluator.match(text, this.signal);
  }

  /** Returns the first path that `find` finds; runs it once per key as long as the tree doesn't change. */
  async first(key: string, find: () => Generator<undefined, PathId | undefined>): Promise<PathId | undefined> {
    const work = function* () {
      return { id: yield* find() };
    };
    return (await this.run(() => this.evaluator.firstPaths.steps(key, work))).id;
  }

  /** Evaluates the patterns of an ignore file as docker-py does. */
  asDockerPy(patterns: readonly string[]): Promise<DockerPyEvaluation> {
    return this.evaluator.dockerPy.evaluate(patterns, this.signal);
  }

  /** Runs steps in slices. */
  run<T>(steps: () => Generator<undefined, T>): Promise<T> {
    return inSlices(steps, this.signal);
  }

  async difference(other: TreeView): Promise<Difference> {
    const [before, after] = [await this.evaluate(), await other.evaluate()];
    return this.run(() => differenceOf(before, after));
  }

  /** Whether other lines send the same, with the same emptied files. */
  async isSame(other: TreeView): Promise<boolean> {
    return isSameContext(await this.evaluate(), await other.evaluate(), await this.difference(other));
  }

  /** Returns the paths in the tree that a pattern matches directly, without those below another of them. */
  async matched(text: string): Promise<PathId[]> {
    const paths = (await this.match(text))?.paths;
    if (!paths) return [];
    const some: PathId[] = [];
    paths.forEachIn(0, paths.wordCount, (id) => some.push(id));
    // Paths that have been removed from the tree may still be among the matches.
    const { tree } = this;
    const present =
      some.length > fewPaths
        ? await this.filter((id) => paths.has(id))
        : some.filter((id) => tree.find(tree.pathOf(id)) === id);
    return topmost(tree, present);
  }

  /** Returns the totals of what is sent at and below each path. */
  sent(): Promise<SentTotals> {
    return (this.#sent ??= this.evaluate().then((evaluation) => this.run(() => sentTotals(evaluation))));
  }

  /** Returns all paths that `holds` accepts, in tree order. */
  filter(holds: (id: PathId) => boolean): Promise<PathId[]> {
    const { tree } = this;
    return this.run(function* () {
      const found: PathId[] = [];
      let count = 0;
      for (const id of yield* tree.inOrder()) {
        if (holds(id)) found.push(id);
        if (++count % 1024 === 0) yield;
      }
      return found;
    });
  }
}
