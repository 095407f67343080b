import type { ContextEntry } from "./contextEntry";
import type { ExtraFiles } from "./extraFiles";
import { compareTree, type EntryOrder } from "./pathOrder";

/** Puts extra files among a folder's entries: in tree order each at its place, in path order after them all. */
export function* mergeExtraFiles(
  folder: Iterable<ContextEntry | undefined>,
  extraFiles: ExtraFiles,
  order: EntryOrder,
): Generator<ContextEntry | undefined> {
  const extra = extraFiles.entries(order);
  let next = 0;
  for (const entry of folder) {
    if (!entry || extraFiles.replaces(entry)) {
      yield undefined;
      continue;
    }
    if (order === "tree") {
      for (; next < extra.length && compareTree(extra[next]?.path ?? "", entry.path) < 0; next++) yield extra[next];
      // A folder that leads to an extra file is there already.
      if (extra[next]?.path === entry.path) next++;
    }
    yield entry;
  }
  yield* extra.slice(next);
}
