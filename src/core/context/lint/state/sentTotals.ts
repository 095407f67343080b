import type { Evaluation } from "../../evaluation/evaluation";
import type { PathId, PathTree } from "../../tree/pathTree";

/** Number of paths per step. */
const stepSize = 1024;

/** Returns the number of files, links, and pipes at and below a path, and the files' size in bytes. */
export type Totals = (id: PathId) => { readonly files: number; readonly bytes: number };

/** Totals of what is sent. */
export type SentTotals = Totals;

/** Adds up what is sent, for all directories at once; `counts` may exclude paths. */
export function sentTotals(
  evaluation: Evaluation,
  counts: (id: PathId) => boolean = () => true,
): Generator<undefined, SentTotals> {
  return totalsOf(evaluation.tree, (id) => evaluation.isSent(id) && counts(id));
}

/** Adds up the paths of a tree that `counts` accepts, for all directories at once. */
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
