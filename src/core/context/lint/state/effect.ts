import type { Evaluation } from "../../evaluation/evaluation";
import type { PathId } from "../../tree/pathTree";
import type { FixEffect, SentChange } from "./finding";

/** After how many paths a step ends. */
const stepSize = 4096;
const exampleCount = 3;

/** The paths in which two evaluations of one tree differ: directories included. */
export interface Difference {
  /** Sent by the first only. */
  readonly gone: readonly PathId[];
  /** Sent by the second only. */
  readonly come: readonly PathId[];
}

/** Compares what is sent. */
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

/** Whether nothing that arrives changes, with what is in it. */
export function isSameContext(before: Evaluation, after: Evaluation, { gone, come }: Difference): boolean {
  const isSame = (id: PathId, at: number): boolean => after.emptied[at] === id;
  return (
    gone.length === 0 &&
    come.length === 0 &&
    before.emptied.length === after.emptied.length &&
    before.emptied.every(isSame)
  );
}

/** The difference in numbers and examples. */
export function effectOf(tree: Evaluation["tree"], { gone, come }: Difference): FixEffect {
  return { isKnown: true, stopsSending: summaryOf(tree, gone), startsSending: summaryOf(tree, come) };
}

/** What is known to change where there is no tree. */
export const unknownEffect: FixEffect = {
  isKnown: false,
  stopsSending: { files: 0, folders: 0, bytes: 0, examples: [] },
  startsSending: { files: 0, folders: 0, bytes: 0, examples: [] },
};

/** Counts paths; directories only where nothing in them is among the paths too. */
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
