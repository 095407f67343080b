import type { ContextBuilder, IgnorePattern, IgnoreProblem } from "../dockerignore/parseIgnoreFile";
import type { PathId, PathTree } from "../tree/pathTree";

/** How to read an ignore file's lines. */
export interface EvaluateOptions {
  readonly builder: ContextBuilder;
  /**
   * `builder`, the default, is what builders do. `lastMatch` is the rule of Docker's documentation, "the last line that
   * matches a path or a directory above it decides", which no builder follows.
   */
  readonly rule?: "builder" | "lastMatch";
  /**
   * Whether excluded directories are left alone as the builder does; default is yes for `builder`, never for
   * `lastMatch`.
   */
  readonly prune?: boolean;
}

/** What one line does to a tree. */
export interface LineReport {
  readonly pattern: IgnorePattern;
  /**
   * Files, links and pipes that the line matches, by themselves or by a directory above, whether it decides on them or
   * not.
   */
  readonly files: number;
  readonly bytes: number;
  /**
   * On how many paths the builder looks at, directories included, the line turns the verdict of the lines before it. A
   * line without any has no effect, unless it is an exception that keeps a directory from being skipped.
   */
  readonly flips: number;
  /** Why the line cannot be used, if so: builders notice when they first have to try it on a path. */
  readonly problem?: IgnoreProblem;
}

/** What an ignore file makes of every path of a tree; it holds for the tree as it was when it was evaluated. */
export interface Evaluation {
  readonly tree: PathTree;
  /** One for each line that was given, in their order. */
  readonly lines: readonly LineReport[];
  /** What is sent: files, links and pipes, with the bytes of the files. */
  readonly sent: { readonly files: number; readonly bytes: number };
  /** The excluded directories the builder does not look into, in tree order. */
  readonly skipped: readonly PathId[];
  /** Files that BuildKit lists, fails to open by its other rule and therefore sends with 0 bytes, in tree order. */
  readonly emptied: readonly PathId[];
  /**
   * What stops the build: the index in `lines` of the line that cannot be used and is the first to be tried, and the
   * path it is tried on. Classic may end the context there without a word, if the path lies in an excluded directory.
   */
  readonly failure?: { readonly index: number; readonly path: PathId };

  /** Whether the path is excluded, be it by a line or because it lies in a directory the builder skips. */
  isExcluded(path: PathId): boolean;
  /** Whether the path arrives: not excluded, or a directory on the way to something that arrives. */
  isSent(path: PathId): boolean;
  /** The index in `lines` of the line that decided; nothing where no line applies. */
  decidedBy(path: PathId): number | undefined;
  /** Whether it is known without a look at the paths that another evaluation comes to the same. */
  isSame(other: Evaluation): boolean;
  /** Where that line decided: the path itself or a directory above; nothing where no line applies. */
  decidedAt(path: PathId): PathId | undefined;
}
