import { fileChanged, fileLinked } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";
import type { EntryBatch } from "./mergeExtraFiles";
import { folderChanged } from "./realFolder";

/** Entries that were reviewed before an upload, by path. */
export type ReviewedEntries = ReadonlyMap<string, Pick<ContextEntry, "kind" | "dev" | "ino">>;

/** Passes entries on and records them. Each call starts over, because only the last review counts. */
export class EntryRecorder {
  #entries = new Map<string, Pick<ContextEntry, "kind" | "dev" | "ino">>();
  #hasRun = false;

  /** Recorded entries; undefined if there was no review. */
  get reviewed(): ReviewedEntries | undefined {
    return this.#hasRun ? this.#entries : undefined;
  }

  async *record(batches: AsyncIterable<readonly ContextEntry[]>): AsyncGenerator<readonly ContextEntry[]> {
    this.#hasRun = true;
    this.#entries = new Map();
    for await (const batch of batches) {
      for (const { path, kind, dev, ino } of batch) this.#entries.set(path, { kind, dev, ino });
      yield batch;
    }
  }
}

/**
 * Filters out entries that were added to a folder after the review.
 *
 * @param isReplaced whether an added file replaces an entry
 * @throws ImageBuilderError `contextChanged` for a file that was removed or was replaced by one with other hard links,
 * for a folder that was replaced, and for an entry of a different kind
 */
export function* asReviewed(
  batches: Iterable<EntryBatch>,
  reviewed: ReviewedEntries | undefined,
  isReplaced: (entry: Pick<ContextEntry, "path" | "kind">) => boolean,
): Generator<EntryBatch> {
  if (!reviewed) return yield* batches;
  const found = new Set<string>();
  for (const batch of batches) {
    yield batch?.filter(({ path, kind, dev, ino, inode }) => {
      if (isReplaced({ path, kind })) return true;
      const before = reviewed.get(path);
      if (before && before.kind !== kind) throw fileChanged(path, `is no longer a ${before.kind}`);
      if (before && kind === "directory" && (before.dev !== dev || before.ino !== ino)) throw folderChanged(path);
      if (
        before?.ino !== undefined &&
        kind === "file" &&
        inode !== undefined &&
        (before.dev !== dev || before.ino !== ino)
      )
        throw fileLinked(path);
      if (kind === "file") found.add(path);
      return before !== undefined;
    });
  }
  for (const [path, { kind }] of reviewed)
    if (kind === "file" && !found.has(path) && !isReplaced({ path, kind }))
      throw fileChanged(path, "has been removed since it was listed");
}
