import { lstatSync } from "node:fs";
import { changedSinceTag } from "./contentCheck";
import type { ContextEntry } from "./contextEntry";
import { isAsStamped, stampedTime, type FileStamp, type Stamp } from "./fileStamp";

/**
 * Returns an entry that is sent only with the content that was hashed.
 *
 * @throws ImageBuilderError `contextChanged` for one that is not what was hashed
 */
export function stampedEntry(entry: ContextEntry, stamp: Stamp): ContextEntry {
  if (entry.kind !== stamp.kind) throw changedSinceTag(entry.path);
  if (stamp.kind === "symlink" && entry.linkTarget !== stamp.target) throw changedSinceTag(entry.path);
  if (stamp.kind !== "file") return entry;
  if (!isUnchanged(entry, stamp)) throw changedSinceTag(entry.path);
  return { ...entry, mtimeMs: stampedTime(stamp), stamp };
}

function isUnchanged({ content, realPath, mode }: ContextEntry, stamp: FileStamp): boolean {
  if (typeof content !== "string") return false;
  const stats = lstatSync(realPath ?? content, { throwIfNoEntry: false });
  const isExecutable = (mode & 0o100) !== 0;
  const countsMode = stamp.executable !== undefined && process.platform !== "win32";
  return stats !== undefined && isAsStamped(stats, stamp) && !(countsMode && isExecutable !== stamp.executable);
}
