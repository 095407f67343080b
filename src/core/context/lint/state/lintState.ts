import type { CopySource } from "../../../dockerfile/copySources";
import type { TextRange } from "../../../base/textRange";
import type { ContextBuilder, IgnorePattern } from "../../dockerignore/parseIgnoreFile";
import type { Evaluation } from "../../evaluation/evaluation";
import type { Evaluator } from "../../evaluation/evaluator";
import type { PathId } from "../../tree/pathTree";
import { compilePattern } from "../../dockerignore/compilePattern";
import { GoRegexpError } from "../../dockerignore/goRegexp";
import { MatchingLimits } from "../../dockerignore/matchingLimits";
import { effectOf, unknownEffect } from "./effect";
import type { Fix, FixEffect, RelatedPlace } from "./finding";
import { sameIsSent, type FixPromise } from "./fixPromise";
import { IgnoreText, type WrittenLine } from "./ignoreText";
import { matcherOf } from "./pathPatterns";
import { applyEdits, lineEdits, type LineChange } from "./textEdits";
import { TreeView } from "./treeView";
import { linesWithoutEffect } from "./witnesses";

/** Planned change of the ignore file, with limits on its effect. */
export interface FixPlan {
  readonly title: string;
  readonly changes?: readonly LineChange[];
  readonly append?: readonly string[];
  readonly promise: FixPromise;
  /** Additional condition for the fix; checked only if there is a tree. */
  readonly keeps?: (effect: FixEffect, after: LintState & { readonly view: TreeView }) => boolean | Promise<boolean>;
  /** Whether `keeps` also ensures that the finding is resolved. */
  readonly isGoneByKeeps?: boolean;
}

/** Something that a rule has found, and where. */
type FoundPlace = Pick<RelatedPlace, "range" | "message"> & { readonly file?: string };

/** Dockerfile whose builds use the ignore file. */
export interface LintedDockerfile {
  /** Path relative to the context's root, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly sources: readonly CopySource[];
  readonly isUtf16?: boolean;
}

/** Ignore file to lint, with its surroundings. */
export interface LintSubject {
  /** Path relative to the context's root, with slashes. */
  readonly file: string;
  /** Whether the file doesn't exist. */
  readonly isMissing?: boolean;
  /** Kind of item at the ignore file's path if it is not a file of the context. */
  readonly place?: "folder" | "linkOut";
  readonly builder: ContextBuilder;
  /** Exceptions that follow the file's lines. */
  readonly alwaysInclude: readonly IgnorePattern[];
  readonly evaluator?: Evaluator;
  readonly dockerfiles: readonly LintedDockerfile[];
  /** Returns whether Git ignores what a pattern matches, which is then often created later; undefined if unknown. */
  readonly isGitIgnored?: (text: string) => boolean | undefined;
  /** Whether the folder is a repository of ZenML, which then builds it, too. */
  readonly usesZenml?: boolean;
  /** Runs all rules on a state; returns places in the ignore file or, if named, in another one. */
  readonly findAll?: (state: LintState) => Promise<readonly FoundPlace[]>;
  readonly signal?: AbortSignal;
}

/** Maximum number of lines of a file whose lines without effect are determined, by leaving out each of them. */
const mostComparedLines = 500;

/** Maximum number of a finding's paths that each line is tried on. */
const mostTriedPaths = 200;

/** Ignore file while it is linted. */
export class LintState {
  readonly ignore: IgnoreText;
  /** Lines that a builder can use. */
  readonly lines: readonly WrittenLine[];
  /** Lines that can't be compiled; they make a build fail only when they are tried. */
  readonly uncompiled: readonly WrittenLine[];
  readonly view?: TreeView;
  /** Numbers of lines with a finding that explains why they have no effect. */
  readonly explained = new Set<number>();
  #idle?: Promise<ReadonlySet<WrittenLine>>;

  constructor(
    source: string | Buffer,
    readonly subject: LintSubject,
  ) {
    this.ignore = new IgnoreText(source, subject.builder);
    const limits = new MatchingLimits();
    const usable = new Set(this.ignore.lines.filter(({ pattern }) => compiles(pattern.text, limits)));
    this.lines = this.ignore.lines.filter((line) => usable.has(line));
    this.uncompiled = this.ignore.lines.filter((line) => !usable.has(line));
    const patterns = [...this.lines.map(({ pattern }) => pattern), ...subject.alwaysInclude];
    this.view = subject.evaluator && new TreeView(patterns, subject.evaluator, subject.builder, subject.signal);
  }

  /** Lines without a finding that explains why they have no effect. */
  get unexplained(): readonly WrittenLine[] {
    return this.lines.filter(({ line }) => !this.explained.has(line));
  }

  /**
   * Returns the lines that can be deleted, even together, without changing what is sent; empty without a tree and for
   * more than 500 lines.
   */
  idleLines(): Promise<ReadonlySet<WrittenLine>> {
    const view = this.lines.length > mostComparedLines ? undefined : this.view;
    return (this.#idle ??= view ? linesWithoutEffect(this.lines, view) : Promise.resolve(new Set<WrittenLine>()));
  }

  /** Returns the line with an index in the evaluations; undefined for paths that are always included. */
  lineAt(index: number | undefined): WrittenLine | undefined {
    return index === undefined ? undefined : this.lines[index];
  }

  /** First line, for findings that no single line causes. */
  get top(): TextRange {
    const end = this.ignore.rawLines[0]?.length ?? 0;
    return { line: 1, column: 1, endLine: 1, endColumn: end + 1 };
  }

  /** Returns the line that would decide on a path if another line were deleted. */
  async deciderWithout(written: WrittenLine, id: PathId, view: TreeView): Promise<WrittenLine | undefined> {
    const decider = (await view.without(written.pattern).evaluate()).decidedBy(id);
    return decider === undefined ? undefined : this.lines.filter((line) => line !== written)[decider];
  }

  /**
   * Returns the range of the line that decides on all of these paths, or of the first line if there is no such line.
   */
  blame(evaluation: Evaluation, ids: readonly PathId[]): TextRange {
    const [first, ...others] = [...new Set(ids.map((id) => evaluation.decidedBy(id)))];
    return (others.length === 0 && this.lineAt(first)?.range) || this.top;
  }

  /** Returns the numbers of the lines that match one of these paths, or a folder above it, and are not exceptions. */
  plainLinesOn(paths: readonly string[]): number[] {
    const some = paths.slice(0, mostTriedPaths);
    const isOn = ({ pattern }: WrittenLine): boolean => !pattern.exception && some.some(matcherOf([pattern.text]));
    return this.lines.filter(isOn).map(({ line }) => line);
  }

  related({ range }: WrittenLine, message: string): RelatedPlace {
    return { file: this.subject.file, range, message };
  }

  /** Returns a requested change of the ignore file as a fix, which is offered only if `keeps` accepts its effect. */
  change({ title, changes = [], append = [], keeps }: AskedChange): Fix {
    const edits = lineEdits(this.ignore, changes, append);
    const { text } = this.ignore;
    const effect = async (signal: AbortSignal | undefined): Promise<FixEffect | undefined> => {
      const after = new LintState(applyEdits(text, edits), { ...this.subject, signal });
      if (!this.view || !after.view) return unknownEffect;
      const before = new LintState(text, { ...this.subject, signal });
      const difference = await (before.view ?? this.view).difference(after.view);
      const found = effectOf(after.view.tree, difference);
      return (await keeps(found, Object.assign(after, { view: after.view }))) ? found : undefined;
    };
    return { title, edits: edits.map((edit) => ({ file: this.subject.file, ...edit })), effect };
  }

  /** Plans to delete a line without changing what is sent. */
  deletion({ line }: Pick<WrittenLine, "line">): FixPlan {
    return { title: `Delete line ${line}`, changes: [{ line, lines: [] }], promise: sameIsSent, isGoneByKeeps: true };
  }

  /** Plans to replace a line with others. */
  replacement(
    { line }: Pick<WrittenLine, "line">,
    lines: readonly string[],
    promise: FixPromise,
    keeps?: FixPlan["keeps"],
  ): FixPlan {
    const title = `Replace with ${lines.map((each) => `"${each}"`).join(" and ")}`;
    return { title, changes: [{ line, lines }], promise, keeps };
  }
}

/** Change of the ignore file that a user has requested. */
export interface AskedChange extends Pick<FixPlan, "title" | "changes" | "append"> {
  /** Whether the change does what the title says; checked only if there is a tree. */
  readonly keeps: NonNullable<FixPlan["keeps"]>;
}

/** Whether a fix changes nothing. */
export function changesNothing({ stopsSending, startsSending }: FixEffect): boolean {
  return stopsSending.files + stopsSending.folders + startsSending.files + startsSending.folders === 0;
}

/** Whether a fix only excludes more. */
export function onlyStops({ stopsSending, startsSending }: FixEffect): boolean {
  return stopsSending.files + stopsSending.folders > 0 && startsSending.files + startsSending.folders === 0;
}

/** Whether a fix only includes more. */
export function onlyStarts({ stopsSending, startsSending }: FixEffect): boolean {
  return startsSending.files + startsSending.folders > 0 && stopsSending.files + stopsSending.folders === 0;
}

function compiles(text: string, limits: MatchingLimits): boolean {
  try {
    compilePattern(text, limits);
    return true;
  } catch (error) {
    if (error instanceof GoRegexpError) return false;
    throw error;
  }
}
