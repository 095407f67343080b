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

/** How a fix changes the ignore file, and what it may do by that. */
export interface FixPlan {
  readonly title: string;
  readonly changes?: readonly LineChange[];
  readonly append?: readonly string[];
  readonly promise: FixPromise;
  /** What else has to hold; asked only where there is a tree. */
  readonly keeps?: (effect: FixEffect, after: LintState & { readonly view: TreeView }) => boolean | Promise<boolean>;
  /** Whether `keeps` answers for the finding being gone. */
  readonly isGoneByKeeps?: boolean;
}

/** Something that a rule has found, and where. */
type FoundPlace = Pick<RelatedPlace, "range" | "message"> & { readonly file?: string };

/** A Dockerfile whose builds an ignore file is for. */
export interface LintedDockerfile {
  /** Slash-separated, relative to the context's root. */
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly sources: readonly CopySource[];
  readonly isUtf16?: boolean;
}

/** What a linted ignore file is and where it stands. */
export interface LintSubject {
  /** Slash-separated, relative to the context's root. */
  readonly file: string;
  /** Whether there is no such file. */
  readonly isMissing?: boolean;
  /** What is in the file's place, if no file of the context. */
  readonly place?: "folder" | "linkOut";
  readonly builder: ContextBuilder;
  /** The exceptions that follow the file's lines. */
  readonly alwaysInclude: readonly IgnorePattern[];
  readonly evaluator?: Evaluator;
  readonly dockerfiles: readonly LintedDockerfile[];
  /**
   * Whether Git ignores what a pattern names, as it does with what is there only at times; nothing if that is not
   * known.
   */
  readonly isGitIgnored?: (text: string) => boolean | undefined;
  /** Whether the folder is a repository of ZenML, which then builds it, too. */
  readonly usesZenml?: boolean;
  /** What all rules find in a state, as places of the ignore file or, where it is named, of another one. */
  readonly findAll?: (state: LintState) => Promise<readonly FoundPlace[]>;
  readonly signal?: AbortSignal;
}

/** Of how many lines it is found out which have no effect: each is tried without. */
const mostComparedLines = 500;

/** On how many paths of a finding each line is tried. */
const mostTriedPaths = 200;

/** An ignore file while it is linted. */
export class LintState {
  readonly ignore: IgnoreText;
  /** The lines a builder can use. */
  readonly lines: readonly WrittenLine[];
  /** The lines that cannot be compiled, which stops a build only where they are tried. */
  readonly uncompiled: readonly WrittenLine[];
  readonly view?: TreeView;
  /** Lines of which something was found that explains why they do nothing. */
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

  /** The lines of which nothing was found yet that explains why they do nothing. */
  get unexplained(): readonly WrittenLine[] {
    return this.lines.filter(({ line }) => !this.explained.has(line));
  }

  /** The lines that can be taken out, even together, without a change to what arrives. */
  idleLines(): Promise<ReadonlySet<WrittenLine>> {
    const view = this.lines.length > mostComparedLines ? undefined : this.view;
    return (this.#idle ??= view ? linesWithoutEffect(this.lines, view) : Promise.resolve(new Set<WrittenLine>()));
  }

  /** The line that has an index in the evaluations; nothing for what is always included. */
  lineAt(index: number | undefined): WrittenLine | undefined {
    return index === undefined ? undefined : this.lines[index];
  }

  /** The beginning of the file, for what no line is to blame for. */
  get top(): TextRange {
    const end = this.ignore.rawLines[0]?.length ?? 0;
    return { line: 1, column: 1, endLine: 1, endColumn: end + 1 };
  }

  /** The line that decides on a path where another line is taken out. */
  async deciderWithout(written: WrittenLine, id: PathId, view: TreeView): Promise<WrittenLine | undefined> {
    const decider = (await view.without(written.pattern).evaluate()).decidedBy(id);
    return decider === undefined ? undefined : this.lines.filter((line) => line !== written)[decider];
  }

  /** The exception that lets all of these in; the beginning of the file if there is no such line. */
  blame(evaluation: Evaluation, ids: readonly PathId[]): TextRange {
    const [first, ...others] = [...new Set(ids.map((id) => evaluation.decidedBy(id)))];
    return (others.length === 0 && this.lineAt(first)?.range) || this.top;
  }

  /** The numbers of the lines that keep out some of these paths, or a folder above one, by themselves. */
  plainLinesOn(paths: readonly string[]): number[] {
    const some = paths.slice(0, mostTriedPaths);
    const isOn = ({ pattern }: WrittenLine): boolean => !pattern.exception && some.some(matcherOf([pattern.text]));
    return this.lines.filter(isOn).map(({ line }) => line);
  }

  related({ range }: WrittenLine, message: string): RelatedPlace {
    return { file: this.subject.file, range, message };
  }

  /** A change of the ignore file's lines that somebody has asked for, and that does what `keeps` says. */
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

  /** A fix that takes a line away without a change to what is sent. */
  deletion({ line }: Pick<WrittenLine, "line">): FixPlan {
    return { title: `Delete line ${line}`, changes: [{ line, lines: [] }], promise: sameIsSent, isGoneByKeeps: true };
  }

  /** A fix that writes other lines in the place of one. */
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

/** A change of the ignore file that somebody has asked for. */
export interface AskedChange extends Pick<FixPlan, "title" | "changes" | "append"> {
  /** Whether the change does what the title says; asked only where there is a tree. */
  readonly keeps: NonNullable<FixPlan["keeps"]>;
}

/** For a fix that changes nothing. */
export function changesNothing({ stopsSending, startsSending }: FixEffect): boolean {
  return stopsSending.files + stopsSending.folders + startsSending.files + startsSending.folders === 0;
}

/** For a fix that only keeps more out. */
export function onlyStops({ stopsSending, startsSending }: FixEffect): boolean {
  return stopsSending.files + stopsSending.folders > 0 && startsSending.files + startsSending.folders === 0;
}

/** For a fix that only lets more in. */
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
