import type { Evaluation } from "../../evaluation/evaluation";
import type { PathId, PathTree } from "../../tree/pathTree";

/** After how many paths a step ends. */
const stepSize = 1024;

/** How much there is of something at and below a path: files, links and pipes, and the files' bytes. */
export type Totals = (id: PathId) => { readonly files: number; readonly bytes: number };

/** How much is sent at and below a path. */
export type SentTotals = Totals;

/** Adds up what is sent, for every directory at once; `counts` may leave paths out. */
export function sentTotals(
  evaluation: Evaluation,
  counts: (id: PathId) => boolean = () => true,
): Generator<undefined, SentTotals> {
  return totalsOf(evaluation.tree, (id) => evaluation.isSent(id) && counts(id));
}

/** Adds up what counts of a tree, for every directory at once. */
export function* totalsOf(tree: PathTree, counts: (id: PathId) => boolean): Generator<undefined, Totals> {
  const files = new Uint32Array(tree.idLimit);
  const bytes = new Float64Array(tree.idLimit);
  let step = 0;
  for (const id of yield* tree.inOrder()) {
    if (++step % stepSize === 0) yield;
    if (tree.isDirectory(id) || !counts(id)) continue;
    const size = tree.bytesOf(id);
    for (let at = id; at !== tree.root; at = tree.parentOf(at)) {
      files[at] = (files[at] ?? 0) + 1;
      bytes[at] = (bytes[at] ?? 0) + size;
    }
    files[tree.root] = (files[tree.root] ?? 0) + 1;
    bytes[tree.root] = (bytes[tree.root] ?? 0) + size;
  }
  return (id) => ({ files: files[id] ?? 0, bytes: bytes[id] ?? 0 });
}
