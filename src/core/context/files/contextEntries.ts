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
 * What a builder is told of things that a walk has found in one folder, without those that have vanished since or that
 * no builder takes. What cannot be sent has a fault.
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
    // In a folder that may not be listed files can be read all the same, if they are named.
    return isGone(error) ? [] : entriesIn();
  }
}

/**
 * The same of one thing.
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

/** @param way leads to its folder, whatever is put in its place meanwhile */
function entryAt(
  { path, absolutePath, realPath, name, kind }: FoundEntry,
  way: string | undefined,
  folder: RealFolder | undefined,
): ContextEntry | undefined {
  if (kind === "socket" || kind === "device") return undefined;
  const place = way === undefined ? (realPath ?? absolutePath) : `${way}/${name ?? basename(absolutePath)}`;
  try {
    const stats = lstatSync(place);
    // What lies there now counts, not what was listed.
    const sent = kindOf(stats);
    if (sent === "socket" || sent === "device") return undefined;
    const isFile = sent === "file";
    // What is found by its path alone may be another one's: sending it looks closer then.
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
      folder: isFile ? folder : undefined,
    };
  } catch (error) {
    return isGone(error) ? undefined : faultyEntry({ path, absolutePath, kind, fault: fileUnreadable(path, error) });
  }
}

function isGone(error: unknown): boolean {
  return systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR";
}

/** Nothing on Windows, where the docker CLI sends no hard links either. */
const sendsHardLinks = process.platform !== "win32";

/**
 * An entry with the identity and the place of its file as they are now, where a context of another extension does not
 * tell them.
 */
export function identified(entry: ContextEntry): ContextEntry {
  const { content, ino } = entry;
  if (typeof content !== "string" || ino !== undefined) return entry;
  try {
    const realPath = join(realpathSync.native(dirname(content)), basename(content));
    const found = contextEntry({ path: entry.path, absolutePath: content, realPath, kind: "file" });
    return found ? { ...entry, realPath, dev: found.dev, ino: found.ino, folder: found.folder } : entry;
  } catch {
    // Sending it tells what is wrong.
    return entry;
  }
}

/** Why something that was found is worth a word; nothing for what is sent as usual. */
export function remarkOn({ path, kind }: FoundEntry): string | undefined {
  if (kind === "socket" || kind === "device")
    return `The ${kind} "${path}" is not included in the build context, because no builder supports it.`;
  return kind === "fifo" ? `"${path}" is sent as a named pipe without content.` : undefined;
}

/**
 * The error for a file in whose place another one was put that has a name elsewhere, too, maybe outside of the context.
 */
export function fileLinked(path: string): ImageBuilderError {
  return fileChanged(path, "was replaced by a file that has other hard links");
}

/** The error for a file that must be read and cannot. */
export function fileUnreadable(path: string, cause: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `Can't read the file "${path}" in the build context (${messageOf(cause)}). ` +
      "Change its permissions, or exclude it in .dockerignore.",
    { cause },
  );
}

/** The error for a file that is not what it was when it was listed. */
export function fileChanged(path: string, what: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextChanged",
    `The file "${path}" ${what}. Build again when the folder is no longer changing.`,
    { cause },
  );
}

/**
 * The mode that is sent: Windows has no bit for what may be executed, so there everything may, as with the docker CLI.
 */
export function modeOf(mode: number): number {
  return process.platform === "win32" ? (mode & 0o755) | 0o111 : mode & 0o7777;
}

function linkTargetOf(link: string): string {
  const target = readlinkSync(link, { encoding: "buffer" });
  if (!isUtf8(target)) throw new Error("the target of the link is not valid UTF-8");
  return process.platform === "win32" ? target.toString("utf8").replaceAll("\\", "/") : target.toString("utf8");
}
