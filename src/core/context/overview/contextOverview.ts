import { inSlices } from "../../base/batches";
import type { Evaluation } from "../evaluation/evaluation";
import type { PathId, PathTree } from "../tree/pathTree";
import type { WrittenLine } from "../lint/state/ignoreText";
import type { LintState } from "../lint/state/lintState";
import { stoppingLine } from "../lint/state/stoppingLine";
import { totalsOf, type Totals } from "../lint/state/sentTotals";
import { compareBytes, sort } from "../files/pathOrder";
import { Marks, type Mark, type MarkCounts } from "./marks";
import { pathsMatching } from "./pathFilter";

/** Number of rows per step. */
const stepSize = 1024;

/** Number of files and their size in bytes. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** Information about one path. */
export interface OverviewRow extends MarkCounts {
  /** Path relative to the context's root, with slashes; empty for the root itself. */
  readonly path: string;
  readonly name: string;
  readonly isDirectory: boolean;
  readonly isSent: boolean;
  readonly sent: Amount;
  readonly excluded: Amount;
  readonly mark?: Mark;
  /** Short reason why a directory that is sent can't be listed. */
  readonly fault?: string;
}

/** Decision on a path. */
export interface Decision {
  /** Undefined for paths that are always included. */
  readonly line?: WrittenLine;
  /** Path itself, or the directory above it that the line was tried on. */
  readonly at: string;
}

/** Overview of a context by size: what is sent and what is excluded at each path, limited to what a filter accepts. */
export class ContextOverview {
  private constructor(
    readonly state: LintState,
    readonly evaluation: Evaluation,
    readonly filter: string,
    private readonly totals: { readonly all: Totals; readonly sent: Totals },
    private readonly passes: (id: PathId) => boolean,
    readonly marks: Marks,
    /** Number of the line that makes builds fail. */
    readonly stopsAt: number | undefined,
  ) {}

  /**
   * Examines all paths, in slices.
   *
   * @param filter empty for everything
   * @throws the signal's reason when it is aborted; RangeError for a state without a tree
   */
  static async of(state: LintState, filter = "", signal?: AbortSignal): Promise<ContextOverview> {
    const { view } = state;
    if (!view) throw new RangeError("There is nothing to look at without a tree.");
    const [evaluation, stopsAt] = [await view.evaluate(), await stoppingLine(state)];
    const { tree } = view;
    const marks = await inSlices(() => Marks.of(evaluation), signal);
    if (filter.trim() === "")
      return new ContextOverview(
        state,
        evaluation,
        "",
        { all: amountsIn(tree), sent: await view.sent() },
        () => true,
        marks,
        stopsAt,
      );
    const found = await inSlices(() => pathsMatching(tree, filter), signal);
    const all = await inSlices(() => totalsOf(tree, (id) => found.has(id)), signal);
    const sent = await inSlices(() => totalsOf(tree, (id) => found.has(id) && evaluation.isSent(id)), signal);
    return new ContextOverview(
      state,
      evaluation,
      filter,
      { all, sent },
      (id) => found.has(id) || all(id).files > 0,
      marks,
      stopsAt,
    );
  }

  get tree(): PathTree {
    return this.evaluation.tree;
  }

  /** Returns the information about a path; undefined if it no longer exists. */
  row(path: string): OverviewRow | undefined {
    const id = this.tree.find(path);
    return id === undefined ? undefined : this.rowOf(id);
  }

  /** Returns the information about a path in the tree. */
  rowOf(id: PathId): OverviewRow {
    const sent = this.totals.sent(id);
    const all = this.totals.all(id);
    const isSent = id === this.tree.root || this.evaluation.isSent(id);
    return {
      path: this.tree.pathOf(id),
      name: id === this.tree.root ? "" : this.tree.nameOf(id),
      isDirectory: this.tree.isDirectory(id),
      isSent,
      sent,
      excluded: { files: Math.max(all.files - sent.files, 0), bytes: Math.max(all.bytes - sent.bytes, 0) },
      mark: this.marks.of(id),
      fault: isSent ? this.tree.faultOf(id) : undefined,
      ...this.marks.below(id),
    };
  }

  /** Returns how much is sent at and below a path. */
  sentOf(id: PathId): Amount {
    return this.totals.sent(id);
  }

  /**
   * Lists a directory in slices: sent paths before excluded ones, each largest first.
   *
   * @param withExcluded whether to list paths that are not sent
   */
  children(directory: PathId, withExcluded: boolean, signal?: AbortSignal): Promise<PathId[]> {
    return inSlices(() => this.childrenSteps(directory, withExcluded), signal);
  }

  /** Runs `children` step by step. */
  *childrenSteps(directory: PathId, withExcluded: boolean): Generator<undefined, PathId[]> {
    const { evaluation, totals, tree } = this;
    const found: { readonly id: PathId; readonly isSent: boolean; readonly amount: Amount }[] = [];
    let step = 0;
    for (const id of tree.childrenOf(directory)) {
      if (++step % stepSize === 0) yield;
      const isSent = evaluation.isSent(id);
      if (this.passes(id) && (withExcluded || (isSent && this.#hasSent(id))))
        found.push({ id, isSent, amount: (isSent ? totals.sent : totals.all)(id) });
    }
    const sorted = yield* sort(
      found,
      (a, b) =>
        Number(b.isSent) - Number(a.isSent) ||
        b.amount.bytes - a.amount.bytes ||
        b.amount.files - a.amount.files ||
        compareBytes(tree.nameOf(a.id), tree.nameOf(b.id)),
    );
    return sorted.map(({ id }) => id);
  }

  /** Returns the decision on a path, or undefined if no line applies. */
  decisionOn(path: string): Decision | undefined {
    const id = this.tree.find(path);
    const index = id === undefined ? undefined : this.evaluation.decidedBy(id);
    if (id === undefined || index === undefined) return undefined;
    return { line: this.state.lineAt(index), at: this.tree.pathOf(this.evaluation.decidedAt(id) ?? id) };
  }

  /** With a filter, a directory doesn't match because of contents that are not sent. */
  #hasSent(id: PathId): boolean {
    return this.filter === "" || !this.tree.isDirectory(id) || this.totals.sent(id).files > 0;
  }
}

function amountsIn(tree: PathTree): Totals {
  return (id) => ({ files: tree.filesOf(id), bytes: tree.bytesOf(id) });
}
