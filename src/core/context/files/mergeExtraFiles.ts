import type { ContextEntry } from "./contextEntry";
import type { ExtraFiles } from "./extraFiles";
import { compareTree, type EntryOrder } from "./pathOrder";

/** Entries as they come; nothing when there are only pauses. */
export type EntryBatch = readonly ContextEntry[] | undefined;

/** Puts extra files among a folder's entries: in tree order each at its place, in path order after them all. */
export function* mergeExtraFiles(
  folder: Iterable<EntryBatch>,
  extraFiles: ExtraFiles,
  order: EntryOrder,
): Generator<EntryBatch> {
  const extra = extraFiles.entries(order);
  if (extra.length === 0) return yield* folder;
  let next = 0;
  for (const batch of folder) {
    const merged: ContextEntry[] = [];
    for (const entry of batch ?? []) {
      if (extraFiles.replaces(entry)) continue;
      if (order === "tree") {
        for (; next < extra.length && compareTree(extra[next]?.path ?? "", entry.path) < 0; next++)
          merged.push(...extra.slice(next, next + 1));
        // A folder that leads to an extra file is there already.
        if (extra[next]?.path === entry.path) next++;
      }
      merged.push(entry);
    }
    yield merged;
  }
  yield extra.slice(next);
}
