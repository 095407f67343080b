import type { Evaluation } from "../evaluation/evaluation";
import type { PathId } from "../tree/pathTree";
import type { WrittenLine } from "../lint/state/ignoreText";
import type { LintState } from "../lint/state/lintState";
import type { TreeView } from "../lint/state/treeView";

/** Number of paths per step. */
const stepSize = 1024;
const exampleCount = 3;

/** Number of files, links, and pipes, and the files' size in bytes. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** Effect of a rule of an ignore file on its tree. */
export interface LineFacts {
  readonly written: WrittenLine;
  /** Paths that the rule matches, directly or through a folder above, whether or not it decides on them. */
  readonly matched: Amount;
  /** Number of folders that the rule matches directly if none of them contains a file; otherwise 0. */
  readonly emptyFolders: number;
  /** Part of `matched` on which the rule decides: excluded by it, or included by an exception. */
  readonly decided: Amount;
}

/** Detailed matches of a rule. */
export interface LineDetails extends LineFacts {
  /** First paths that the rule matches directly; a folder's bytes include its contents. */
  readonly examples: readonly { readonly path: string; readonly isDirectory: boolean; readonly bytes: number }[];
  /**
   * Numbers of matched files by the other rules that decide on them, largest first. `written` is undefined for files
   * that are always included or on which no rule decides.
   */
  readonly others: readonly { readonly written?: WrittenLine; readonly files: number }[];
}

/** Returns the effect of each valid rule; empty without a tree. */
export async function factsOfLines(state: LintState): Promise<LineFacts[]> {
  const { view } = state;
  if (!view) return [];
  const evaluation = await view.evaluate();
  const decided = await view.run(() => amountsByLine(evaluation));
  const facts: LineFacts[] = [];
  for (const [index, written] of state.lines.entries()) {
    const { files = 0, bytes = 0 } = evaluation.lines[index] ?? {};
    const emptyFolders = files > 0 ? 0 : (await view.matched(written.pattern.text)).length;
    facts.push({
      written,
      matched: { files, bytes },
      emptyFolders,
      decided: decided.get(index) ?? { files: 0, bytes: 0 },
    });
  }
  return facts;
}

/** Returns the details of the rule on a line; undefined without a tree, and for a line that builders don't use. */
export async function detailsOfLine(state: LintState, line: number): Promise<LineDetails | undefined> {
  const { view } = state;
  const index = state.lines.findIndex((each) => each.line === line);
  const written = state.lines[index];
  if (!view || !written) return undefined;
  const evaluation = await view.evaluate();
  const ids = await view.matched(written.pattern.text);
  const amounts = await view.run(() => amountsByLine(evaluation, ids));
  const { files = 0, bytes = 0 } = evaluation.lines[index] ?? {};
  const others = [...amounts]
    .filter(([other, amount]) => other !== index && amount.files > 0)
    .map(([other, amount]) => ({ written: state.lineAt(other), files: amount.files }));
  return {
    written,
    matched: { files, bytes },
    emptyFolders: files > 0 ? 0 : ids.length,
    decided: amounts.get(index) ?? { files: 0, bytes: 0 },
    examples: ids.slice(0, exampleCount).map((id) => exampleOf(view, id)),
    others: others.sort((a, b) => b.files - a.files),
  };
}

/**
 * Counts files by the index of the rule that decides on them: all of the tree's files, or only those at and below some
 * paths.
 */
function* amountsByLine(
  evaluation: Evaluation,
  within?: readonly PathId[],
): Generator<undefined, Map<number | undefined, Amount>> {
  const { tree } = evaluation;
  const amounts = new Map<number | undefined, { files: number; bytes: number }>();
  let count = 0;
  for (const top of within ?? [tree.root]) {
    for (const id of tree.isDirectory(top) ? tree.ids(top) : [top]) {
      if (++count % stepSize === 0) yield;
      if (tree.isDirectory(id)) continue;
      const line = evaluation.decidedBy(id);
      const amount = amounts.get(line) ?? { files: 0, bytes: 0 };
      amounts.set(line, amount);
      amount.files += tree.filesOf(id);
      amount.bytes += tree.bytesOf(id);
    }
  }
  return amounts;
}

function exampleOf({ tree }: TreeView, id: PathId) {
  return { path: tree.pathOf(id), isDirectory: tree.isDirectory(id), bytes: tree.bytesOf(id) };
}
