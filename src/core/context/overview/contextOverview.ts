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

/** After how many rows a step ends. */
const stepSize = 1024;

/** How many files, and how large. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** What there is to tell about one path. */
export interface OverviewRow extends MarkCounts {
  /** Slash-separated, relative to the context's root; empty for the root itself. */
  readonly path: string;
  readonly name: string;
  readonly isDirectory: boolean;
  readonly isSent: boolean;
  readonly sent: Amount;
  readonly excluded: Amount;
  readonly mark?: Mark;
  /** Why a directory that is sent cannot be listed, in a few words. */
  readonly fault?: string;
}

/** What decided on a path. */
export interface Decision {
  /** Nothing for what is always included. */
  readonly line?: WrittenLine;
  /** The path itself, or the directory above that the line was tried on. */
  readonly at: string;
}

/** What a context holds, by size: what is sent of each path and what is not, as far as it passes a filter. */
export class ContextOverview {
  private constructor(
    readonly state: LintState,
    readonly evaluation: Evaluation,
    readonly filter: string,
    private readonly totals: { readonly all: Totals; readonly sent: Totals },
    private readonly passes: (id: PathId) => boolean,
    readonly marks: Marks,
    /** The number of the line at which builds stop. */
    readonly stopsAt: number | undefined,
  ) {}

  /**
   * Looks at all paths, in slices.
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

  /** What there is to tell about a path; nothing once it is gone. */
  row(path: string): OverviewRow | undefined {
    const id = this.tree.find(path);
    return id === undefined ? undefined : this.rowOf(id);
  }

  /** What there is to tell about a path that is in the tree. */
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

  /** How much of a path is sent. */
  sentOf(id: PathId): Amount {
    return this.totals.sent(id);
  }

  /**
   * What is in a directory, the largest first, what is sent before what is not; in slices.
   *
   * @param withExcluded whether what is not sent is among it
   */
  children(directory: PathId, withExcluded: boolean, signal?: AbortSignal): Promise<PathId[]> {
    return inSlices(() => this.childrenSteps(directory, withExcluded), signal);
  }

  /** The work of `children`, step by step. */
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

  /** What decided on a path; nothing if no line applies. */
  decisionOn(path: string): Decision | undefined {
    const id = this.tree.find(path);
    const index = id === undefined ? undefined : this.evaluation.decidedBy(id);
    if (id === undefined || index === undefined) return undefined;
    return { line: this.state.lineAt(index), at: this.tree.pathOf(this.evaluation.decidedAt(id) ?? id) };
  }

  /** Under a filter a directory is no hit for what it holds that is not sent. */
  #hasSent(id: PathId): boolean {
    return this.filter === "" || !this.tree.isDirectory(id) || this.totals.sent(id).files > 0;
  }
}

function amountsIn(tree: PathTree): Totals {
  return (id) => ({ files: tree.filesOf(id), bytes: tree.bytesOf(id) });
}
