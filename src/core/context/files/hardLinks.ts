import type { ContextEntry } from "./contextEntry";
import type { EntryBatch } from "./mergeExtraFiles";

/**
 * Tells which entries are further names of a file that came before, so that builders keep one file, as they do for the
 * docker CLI.
 */
export class HardLinks {
  readonly #firstNames = new Map<string, string>();

  /**
   * The entry as it is, or as a link to its file's first name; every entry that is sent must come by here, in its
   * order.
   */
  resolve(entry: ContextEntry): ContextEntry {
    if (entry.inode === undefined) return entry;
    const first = this.#firstNames.get(entry.inode);
    if (first !== undefined) return { ...entry, sizeBytes: 0, content: undefined, linkTarget: first };
    this.#firstNames.set(entry.inode, entry.path);
    return entry;
  }
}

/** Entries in the order in which they are sent, with further names as links; pauses are passed on. */
export function* withHardLinks(entries: Iterable<EntryBatch>): Generator<EntryBatch> {
  const links = new HardLinks();
  for (const batch of entries) yield batch?.map((entry) => links.resolve(entry));
}
