import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { dirname, sep } from "node:path";
import { systemCodeOf } from "../errors";
import { fileChanged, fileUnreadable } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";
import { isSameFile } from "./fileIdentity";
import { FolderMovedError, inFolder, liesAt } from "./realFolder";

/** A file that has meanwhile become a link or a pipe must neither be followed nor waited for. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What must be known of a file to open exactly that one. */
export type ListedFile = Pick<ContextEntry, "path" | "realPath" | "dev" | "ino">;

/**
 * Opens a file that was listed as `entry`, and no other: not one that has taken its name, nor one that a link in its way leads to.
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

function checkOpened({ path, dev, ino }: ListedFile, fd: number, place: string): void {
  const stats = fstatSync(fd);
  const isListed = dev === undefined || ino === undefined || isSameFile(dev, ino, fd, stats);
  if (!stats.isFile() || !isListed) throw fileChanged(path, "is no longer the file that was listed");
  // A file that is known by its inode was in its folder when it was listed: that the folder is there need not be seen for each.
  const isInPlace = ino === undefined ? liesAt(fd, place) : isInFolder(place, checkedFolder) || isFolderInPlace(fd, place);
  if (!isInPlace) throw fileChanged(path, "is reached over a link that was not there when it was listed");
}

/** The folder that was seen to be in its place during this turn of the event loop. */
let checkedFolder: string | undefined;

function isInFolder(place: string, folder: string | undefined): boolean {
  return folder !== undefined && place.lastIndexOf(sep) === folder.length && place.startsWith(folder);
}

function isFolderInPlace(fd: number, place: string): boolean {
  const folder = dirname(place);
  try {
    inFolder(folder, () => undefined);
  } catch (error) {
    return !(error instanceof FolderMovedError) && liesAt(fd, place);
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
export function readListed(entry: ListedFile, fd: number, buffer: Buffer, offset: number, length: number, position: number | null = null): number {
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
  if (code === "ENOENT" || code === "ENOTDIR") return fileChanged(path, "has gone since it was listed", error);
  if (code === "ELOOP" || code === "EISDIR" || code === "ENXIO" || code === "EAGAIN")
    return fileChanged(path, "is no longer the file that was listed", error);
  return fileUnreadable(path, error);
}
