import type { ContextBuilder, IgnorePattern, IgnoreProblem } from "../dockerignore/parseIgnoreFile";
import type { PathId, PathTree } from "../tree/pathTree";

/** Options for evaluating the rules of an ignore file. */
export interface EvaluateOptions {
  readonly builder: ContextBuilder;
  /**
   * `builder`, the default, evaluates as builders do. `lastMatch` follows Docker's documentation, "the last line that
   * matches a path or a directory above it decides", which no builder implements.
   */
  readonly rule?: "builder" | "lastMatch";
  /** Whether to skip excluded directories as the builder does. Default: true for `builder`, false for `lastMatch`. */
  readonly prune?: boolean;
}

/** Effect of one rule on a tree. */
export interface LineReport {
  readonly pattern: IgnorePattern;
  /**
   * Number of files, links, and pipes that the rule matches, directly or through a directory above, whether or not it
   * decides on them.
   */
  readonly files: number;
  readonly bytes: number;
  /**
   * Number of paths the builder looks at, directories included, for which the rule reverses the verdict of the rules
   * before it. A rule with 0 flips has no effect, unless it is an exception that keeps a directory from being skipped.
   */
  readonly flips: number;
  /** Reason why the rule is invalid, if it is; builders notice when they first try it on a path. */
  readonly problem?: IgnoreProblem;
}

/** Result of an ignore file for every path of a tree, as the tree was when it was evaluated. */
export interface Evaluation {
  readonly tree: PathTree;
  /** One report per rule, in the order of the rules. */
  readonly lines: readonly LineReport[];
  /** Number of files, links, and pipes that are sent, and the size of the files in bytes. */
  readonly sent: { readonly files: number; readonly bytes: number };
  /** Excluded directories that the builder doesn't look into, in tree order. */
  readonly skipped: readonly PathId[];
  /**
   * Files that BuildKit lists but refuses to open, because it applies a different rule there, and so sends with 0
   * bytes, in tree order.
   */
  readonly emptied: readonly PathId[];
  /**
   * Failure that ends the build: the index in `lines` of the first invalid rule that is tried, and the path it is tried
   * on. If the path is in an excluded directory, the classic builder may silently end the context there.
   */
  readonly failure?: { readonly index: number; readonly path: PathId };

  /** Whether the path is excluded, by a rule or because it is in a directory that the builder skips. */
  isExcluded(path: PathId): boolean;
  /** Whether the path is sent, for itself or as a directory above a path that is sent. */
  isSent(path: PathId): boolean;
  /** Returns the index in `lines` of the rule that decided, or undefined if no rule applies. */
  decidedBy(path: PathId): number | undefined;
  /** Whether another evaluation is known to have the same result, without comparing paths. */
  isSame(other: Evaluation): boolean;
  /**
   * Returns the path where that rule decided: the path itself or a directory above it. Returns undefined if no rule
   * applies.
   */
  decidedAt(path: PathId): PathId | undefined;
}
