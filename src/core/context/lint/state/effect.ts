import type { Evaluation } from "../../evaluation/evaluation";
import type { PathId } from "../../tree/pathTree";
import type { FixEffect, SentChange } from "./finding";

/** Number of paths per step. */
const stepSize = 4096;
const exampleCount = 3;

/** Paths, including directories, in which two evaluations of a tree differ. */
export interface Difference {
  /** Paths that only the first evaluation sends. */
  readonly gone: readonly PathId[];
  /** Paths that only the second evaluation sends. */
  readonly come: readonly PathId[];
}

/** Compares which paths two evaluations send. */
export function* differenceOf(before: Evaluation, after: Evaluation): Generator<undefined, Difference> {
  const gone: PathId[] = [];
  const come: PathId[] = [];
  if (before.isSame(after)) return { gone, come };
  let count = 0;
  for (const id of yield* before.tree.inOrder()) {
    if (++count % stepSize === 0) yield;
    const wasSent = before.isSent(id);
    if (wasSent !== after.isSent(id)) (wasSent ? gone : come).push(id);
  }
  return { gone, come };
}

/** Whether the same paths are sent with the same content. */
export function isSameContext(before: Evaluation, after: Evaluation, { gone, come }: Difference): boolean {
  const isSame = (id: PathId, at: number): boolean => after.emptied[at] === id;
  return (
    gone.length === 0 &&
    come.length === 0 &&
    before.emptied.length === after.emptied.length &&
    before.emptied.every(isSame)
  );
}

/** Returns the difference as numbers and examples. */
export function effectOf(tree: Evaluation["tree"], { gone, come }: Difference): FixEffect {
  return { isKnown: true, stopsSending: summaryOf(tree, gone), startsSending: summaryOf(tree, come) };
}

/** Effect of a change without a tree. */
export const unknownEffect: FixEffect = {
  isKnown: false,
  stopsSending: { files: 0, folders: 0, bytes: 0, examples: [] },
  startsSending: { files: 0, folders: 0, bytes: 0, examples: [] },
};

/** Counts paths; a directory counts only if none of its contents is among the paths. */
export function summaryOf(tree: Evaluation["tree"], ids: readonly PathId[]): SentChange {
  const parents = new Set(ids.map((id) => tree.parentOf(id)));
  const files = ids.filter((id) => !tree.isDirectory(id));
  const folders = ids.filter((id) => tree.isDirectory(id) && !parents.has(id));
  return {
    files: files.length,
    folders: folders.length,
    bytes: files.reduce((sum, id) => sum + tree.bytesOf(id), 0),
    examples: [...files, ...folders].slice(0, exampleCount).map((id) => tree.pathOf(id)),
  };
}
