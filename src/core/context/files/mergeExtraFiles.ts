import type { ContextEntry } from "./contextEntry";
import type { ExtraFiles } from "./extraFiles";
import { compareTree, type EntryOrder } from "./pathOrder";

/** Batch of entries; undefined is a pause. */
export type EntryBatch = readonly ContextEntry[] | undefined;

/**
 * Merges extra files into a folder's entries: in tree order at their positions, in path order after all entries. Omits
 * entries that extra files replace.
 */
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
        // The folder itself already has an entry for this folder above an extra file.
        if (extra[next]?.path === entry.path) next++;
      }
      merged.push(entry);
    }
    yield merged;
  }
  yield extra.slice(next);
}
