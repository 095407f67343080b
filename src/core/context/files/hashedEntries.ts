import { changedSinceTag } from "./contentCheck";
import type { Stamp } from "./fileStamp";
import type { EntryBatch } from "./mergeExtraFiles";
import type { PathScope } from "./pathScope";
import { stampedEntry } from "./stampedEntry";

/** Files that the tag of an image with its own Dockerfile was computed from. */
export interface HashedContext {
  /** SHA-256 of the Dockerfile, in hexadecimal digits. */
  readonly dockerfile: string;
  /** Files, links and empty folders by path: nothing else is sent. */
  readonly entries: ReadonlyMap<string, Stamp>;
}

/**
 * Leaves out what was not hashed, and has files refused that change before they are sent.
 *
 * @param scope the part that is listed
 * @throws ImageBuilderError `contextChanged` for what has changed or gone
 */
export function* asHashed(
  batches: Iterable<EntryBatch>,
  { entries }: HashedContext,
  scope: PathScope | undefined,
): Generator<EntryBatch> {
  const found = new Set<string>();
  const folders = new Set([...entries.keys()].flatMap((path) => [...foldersAbove(path)]));
  for (const batch of batches) {
    yield batch?.flatMap((entry) => {
      const { path, kind, fault } = entry;
      const stamp = entries.get(path);
      found.add(path);
      if (fault || (kind === "directory" && folders.has(path))) return entry;
      return stamp ? stampedEntry(entry, stamp) : [];
    });
  }
  for (const path of entries.keys())
    if (!found.has(path) && (scope?.holds(path) ?? true)) throw changedSinceTag(path, "has been removed");
}

function* foldersAbove(path: string): Generator<string> {
  for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) yield path.slice(0, slash);
}
