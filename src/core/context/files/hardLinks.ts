import type { ContextEntry } from "./contextEntry";
import type { EntryBatch } from "./mergeExtraFiles";

/** Finds entries that are further names of an earlier file, so builders store the file once, as with the docker CLI. */
export class HardLinks {
  readonly #firstNames = new Map<string, string>();

  /**
   * Returns the entry unchanged, or as a link to its file's first name. Must be called for every sent entry, in order.
   */
  resolve(entry: ContextEntry): ContextEntry {
    if (entry.inode === undefined) return entry;
    const first = this.#firstNames.get(entry.inode);
    if (first !== undefined) return { ...entry, sizeBytes: 0, content: undefined, linkTarget: first };
    this.#firstNames.set(entry.inode, entry.path);
    return entry;
  }
}

/** Yields entries in the order in which they are sent, with further names as links; passes pauses on. */
export function* withHardLinks(entries: Iterable<EntryBatch>): Generator<EntryBatch> {
  const links = new HardLinks();
  for (const batch of entries) yield batch?.map((entry) => links.resolve(entry));
}
