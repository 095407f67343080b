import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { systemCodeOf } from "../../base/errors";
import { fileChanged, fileLinked, fileUnreadable } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";
import { isSameFile } from "./fileIdentity";
import { isInPlace, liesAt, type RealFolder } from "./realFolder";

/** A file that has meanwhile become a link or a pipe must neither be followed nor waited for. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What must be known of a file to open exactly that one. */
export type ListedFile = Pick<ContextEntry, "path" | "realPath" | "dev" | "ino" | "folder">;

/**
 * Opens a file that was listed as `entry`: the same or, where an editor has saved it meanwhile, the one that has its
 * name in the same folder; never one that a link leads to.
 *
 * @throws ImageBuilderError `contextChanged` when it has gone or is another thing now, `contextUnreadable`
 */
export function openListed(entry: ListedFile, file: string): number {
  const place = entry.realPath ?? file;
  const fd = open(entry, place);
  try {
    checkOpened(entry, fd, place);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function open(entry: ListedFile, place: string): number {
  try {
    return openSync(place, openFlags);
  } catch (error) {
    throw readFailure(entry, error);
  }
}

function checkOpened({ path, dev, ino, folder }: ListedFile, fd: number, place: string): void {
  const stats = fstatSync(fd);
  if (!stats.isFile()) throw fileChanged(path, "has been replaced since it was listed");
  const isListed = dev !== undefined && ino !== undefined && isSameFile(dev, ino, fd, stats);
  // An editor saves a new file; one that has other names too may be one of outside.
  if (dev !== undefined && !isListed && stats.nlink > 1) throw fileLinked(path);
  // A file that is known by its inode was in its folder when it was listed: that the folder is there need not be seen
  // for each.
  if (isListed && folder !== undefined && folder === checkedFolder) return;
  if ((!folder || isFolderInPlace(path, folder)) && ((isListed && folder) || liesAt(fd, place))) return;
  throw fileChanged(path, "is reached through a link or folder that did not exist when it was listed");
}

/** The folder that was seen to be in its place during this turn of the event loop. */
let checkedFolder: RealFolder | undefined;

function isFolderInPlace(path: string, folder: RealFolder): boolean {
  try {
    if (!isInPlace(folder)) return false;
  } catch (error) {
    throw readFailure({ path }, error);
  }
  if (checkedFolder === undefined) setImmediate(() => (checkedFolder = undefined));
  checkedFolder = folder;
  return true;
}

/**
 * Reads a part of an open file.
 *
 * @param position where it begins; default is where the last read ended
 * @returns how many bytes were read; 0 at the end
 * @throws ImageBuilderError `contextChanged` when it is no file any more, `contextUnreadable`
 */
export function readListed(
  entry: ListedFile,
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
  position: number | null = null,
): number {
  try {
    return readSync(fd, buffer, offset, length, position);
  } catch (error) {
    throw readFailure(entry, error);
  }
}

/** The error for a file that ends before the size it was listed with. */
export function fileShorter({ path }: ListedFile, missingBytes: number): Error {
  return fileChanged(path, `is ${missingBytes} bytes shorter than when it was listed`);
}

function readFailure({ path }: ListedFile, error: unknown): Error {
  const code = systemCodeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return fileChanged(path, "has been removed since it was listed", error);
  if (code === "ELOOP" || code === "EISDIR" || code === "ENXIO" || code === "EAGAIN")
    return fileChanged(path, "has been replaced since it was listed", error);
  return fileUnreadable(path, error);
}
