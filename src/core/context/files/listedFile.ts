import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { systemCodeOf } from "../../base/errors";
import { fileChanged, fileLinked, fileUnreadable } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";
import { isSameFile } from "./fileIdentity";
import { isInPlace, liesAt, type RealFolder } from "./realFolder";

/** A file that has been replaced by a link or a pipe must be neither followed nor waited for. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Fields that identify a file so that exactly that one is opened. */
export type ListedFile = Pick<ContextEntry, "path" | "realPath" | "dev" | "ino" | "folder">;

/**
 * Opens a file that was listed as `entry`: the same file or, if an editor has saved it since, the file with its name in
 * the same folder. Never follows a link. The caller closes the file.
 *
 * @throws ImageBuilderError `contextChanged` if it has been removed or replaced, `contextUnreadable`
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
  // Editors save a new file. A file with other hard links may be one from outside the context.
  if (dev !== undefined && !isListed && stats.nlink > 1) throw fileLinked(path);
  // A file with its listed inode was in its folder when it was listed, so the folder's location isn't checked again for
  // every file.
  if (isListed && folder !== undefined && folder === checkedFolder) return;
  if ((!folder || isFolderInPlace(path, folder)) && ((isListed && folder) || liesAt(fd, place))) return;
  throw fileChanged(path, "is reached through a link or folder that did not exist when it was listed");
}

/** Folder whose location was verified during this turn of the event loop. */
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
 * @param position offset in the file; default is the end of the last read
 * @returns number of bytes read; 0 at the end
 * @throws ImageBuilderError `contextChanged` if it is no longer a file, `contextUnreadable`
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

/** Returns the error for a file that is shorter than its listed size. */
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
