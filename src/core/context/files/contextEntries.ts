import { isUtf8 } from "node:buffer";
import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ImageBuilderError, messageOf, systemCodeOf } from "../../base/errors";
import type { ContextEntry } from "./contextEntry";
import { throwFault } from "./faults";
import { identityOf } from "./fileIdentity";
import { kindOf } from "./listDirectory";
import { FolderMovedError, inFolder, type RealFolder } from "./realFolder";
import type { FoundEntry } from "./walk";

/**
 * Converts what a walk found in one folder to entries for a builder, without those that have vanished since or that no
 * builder supports. Entries that can't be sent have a fault.
 */
export function contextEntries(found: readonly FoundEntry[]): ContextEntry[] {
  const first = found.find(({ fault }) => !fault);
  if (!first) return found.map(faultyEntry);
  const entriesIn = (place?: string, folder?: RealFolder): ContextEntry[] => {
    const entries: ContextEntry[] = [];
    for (const each of found) {
      const entry = each.fault ? faultyEntry(each) : entryAt(each, place, folder);
      if (entry) entries.push(entry);
    }
    return entries;
  };
  try {
    return inFolder(dirname(first.realPath ?? first.absolutePath), entriesIn);
  } catch (error) {
    if (error instanceof FolderMovedError)
      return found.map((each) => faultyEntry({ ...each, fault: moved(each, error) }));
    // In a folder that can't be listed, files can still be read by name.
    return isGone(error) ? [] : entriesIn();
  }
}

/**
 * Converts one found file or folder.
 *
 * @throws ImageBuilderError `contextUnreadable`, `contextChanged`
 */
export function contextEntry(found: FoundEntry): ContextEntry | undefined {
  const entries = contextEntries([found]);
  throwFault(entries);
  return entries[0];
}

function faultyEntry({ path, kind, fault }: FoundEntry): ContextEntry {
  return { path, kind: kind === "directory" ? kind : "file", mode: 0, sizeBytes: 0, mtimeMs: 0, fault };
}

function moved({ path }: FoundEntry, cause: FolderMovedError): ImageBuilderError {
  return fileChanged(path, "is reached through a link that did not exist when it was listed", cause);
}

/** @param way path that leads to its folder even if another folder replaces it */
function entryAt(
  { path, absolutePath, realPath, name, kind }: FoundEntry,
  way: string | undefined,
  folder: RealFolder | undefined,
): ContextEntry | undefined {
  if (kind === "socket" || kind === "device") return undefined;
  const place = way === undefined ? (realPath ?? absolutePath) : `${way}/${name ?? basename(absolutePath)}`;
  try {
    const stats = lstatSync(place);
    // Use the kind of the file that is there now, not the listed one.
    const sent = kindOf(stats);
    if (sent === "socket" || sent === "device") return undefined;
    const isFile = sent === "file";
    // A file that was found only by its path may have been replaced, so its identity is left open and checked when it
    // is sent.
    const isKnown = folder !== undefined && (isFile || sent === "directory");
    const { dev, ino } = identityOf(stats, () => lstatSync(place, { bigint: true }));
    return {
      path,
      kind: sent,
      mode: modeOf(stats.mode),
      sizeBytes: isFile ? stats.size : 0,
      mtimeMs: stats.mtimeMs,
      linkTarget: sent === "symlink" ? linkTargetOf(place) : undefined,
      inode: isFile && stats.nlink > 1 && sendsHardLinks ? `${dev} ${ino}` : undefined,
      content: isFile ? absolutePath : undefined,
      realPath: isFile ? realPath : undefined,
      dev: isKnown ? dev : undefined,
      ino: isKnown ? ino : undefined,
      ctimeMs: isKnown && isFile ? stats.ctimeMs : undefined,
      folder: isFile ? folder : undefined,
    };
  } catch (error) {
    return isGone(error) ? undefined : faultyEntry({ path, absolutePath, kind, fault: fileUnreadable(path, error) });
  }
}

function isGone(error: unknown): boolean {
  return systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR";
}

/** False on Windows, where the docker CLI doesn't send hard links either. */
const sendsHardLinks = process.platform !== "win32";

/**
 * Adds the current identity and location of an entry's file, for contexts of other extensions that don't provide them.
 */
export function identified(entry: ContextEntry): ContextEntry {
  const { content, ino } = entry;
  if (typeof content !== "string" || ino !== undefined) return entry;
  try {
    const realPath = join(realpathSync.native(dirname(content)), basename(content));
    const found = contextEntry({ path: entry.path, absolutePath: content, realPath, kind: "file" });
    return found ? { ...entry, realPath, dev: found.dev, ino: found.ino, folder: found.folder } : entry;
  } catch {
    // Sending the entry reports the error.
    return entry;
  }
}

/** Returns a remark for the log on a socket, device, or pipe; undefined for other entries. */
export function remarkOn({ path, kind }: FoundEntry): string | undefined {
  if (kind === "socket" || kind === "device")
    return `The ${kind} "${path}" is not included in the build context, because no builder supports it.`;
  return kind === "fifo" ? `"${path}" is sent as a named pipe without content.` : undefined;
}

/** Returns the error for a file that was replaced by one with other hard links, which may be outside the context. */
export function fileLinked(path: string): ImageBuilderError {
  return fileChanged(path, "was replaced by a file that has other hard links");
}

/** Returns the error for a file that can't be read. */
export function fileUnreadable(path: string, cause: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `Can't read the file "${path}" in the build context (${messageOf(cause)}). ` +
      "Change its permissions, or exclude it in .dockerignore.",
    { cause },
  );
}

/** Returns the error for a file that has changed since it was listed. */
export function fileChanged(path: string, what: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextChanged",
    `The file "${path}" ${what}. Build again when the folder is no longer changing.`,
    { cause },
  );
}

/**
 * Returns the mode to send. Windows has no executable bit, so all files are sent as executable there, as with the
 * docker CLI.
 */
export function modeOf(mode: number): number {
  return process.platform === "win32" ? (mode & 0o755) | 0o111 : mode & 0o7777;
}

function linkTargetOf(link: string): string {
  const target = readlinkSync(link, { encoding: "buffer" });
  if (!isUtf8(target)) throw new Error("the target of the link is not valid UTF-8");
  return process.platform === "win32" ? target.toString("utf8").replaceAll("\\", "/") : target.toString("utf8");
}
