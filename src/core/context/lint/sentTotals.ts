import type { Evaluation } from "../evaluation/evaluation";
import type { PathId } from "../evaluation/pathTree";

/** After how many paths a step ends. */
const stepSize = 1024;

/** How much is sent at and below a path: files, links and pipes, and the files' bytes. */
export type SentTotals = (id: PathId) => { readonly files: number; readonly bytes: number };

/** Adds up what is sent, for every directory at once; `counts` may leave paths out. */
export function* sentTotals(evaluation: Evaluation, counts: (id: PathId) => boolean = () => true): Generator<undefined, SentTotals> {
  const { tree } = evaluation;
  const files = new Uint32Array(tree.idLimit);
  const bytes = new Float64Array(tree.idLimit);
  let step = 0;
  for (const id of tree.ids()) {
    if (++step % stepSize === 0) yield;
    if (tree.isDirectory(id) || !evaluation.isSent(id) || !counts(id)) continue;
    const size = tree.bytesOf(id);
    for (let at = id; at !== tree.root; at = tree.parentOf(at)) {
      files[at] = (files[at] ?? 0) + 1;
      bytes[at] = (bytes[at] ?? 0) + size;
    }
  }
  return (id) => ({ files: files[id] ?? 0, bytes: bytes[id] ?? 0 });
}
