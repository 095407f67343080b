import type { Evaluation } from "../evaluation/evaluation";
import type { PathId } from "../tree/pathTree";
import type { WrittenLine } from "../lint/state/ignoreText";
import type { LintState } from "../lint/state/lintState";
import type { TreeView } from "../lint/state/treeView";

/** After how many paths a step ends. */
const stepSize = 1024;
const exampleCount = 3;

/** Files, links and pipes, and the files' bytes. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** What a line of an ignore file does on its tree. */
export interface LineFacts {
  readonly written: WrittenLine;
  /** What it matches, by itself or by a folder above, whether it decides or not. */
  readonly matched: Amount;
  /** The folders that it matches where there is no file in any of them. */
  readonly emptyFolders: number;
  /** Of what it matches, that on which it has the last word: left out by it, or let in by an exception. */
  readonly decided: Amount;
}

/** What a line matches in detail. */
export interface LineDetails extends LineFacts {
  /** The first paths that it matches by themselves, folders with all that is in them. */
  readonly examples: readonly { readonly path: string; readonly isDirectory: boolean; readonly bytes: number }[];
  /**
   * Who decides on the rest, the one with the most files first; without a line where it is always included, or skipped.
   */
  readonly others: readonly { readonly written?: WrittenLine; readonly files: number }[];
}

/** What each line does that builders can use; nothing without a tree. */
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

/** What one line does; nothing without a tree, and for a line that builders do not use. */
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

/** Files by the index of the line that decides on them; all of the tree's, or those at and below some paths. */
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
