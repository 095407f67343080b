import { constants, openSync, readSync } from "node:fs";
import { systemCodeOf } from "../errors";
import { fileChanged, fileUnreadable } from "./contextEntries";
import type { ContextEntry } from "./contextEntry";

/** A file that has meanwhile become a link or a pipe must neither be followed nor waited for. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file that was listed as `entry`.
 *
 * @throws ImageBuilderError `contextChanged` when it has gone or is another thing now, `contextUnreadable`
 */
export function openListed(entry: ContextEntry, file: string): number {
  try {
    return openSync(file, openFlags);
  } catch (error) {
    throw readFailure(entry, error);
  }
}

/**
 * Reads a part of an open file.
 *
 * @param position where it begins; default is where the last read ended
 * @returns how many bytes were read; 0 at the end
 * @throws ImageBuilderError `contextChanged` when it is no file any more, `contextUnreadable`
 */
export function readListed(entry: ContextEntry, fd: number, buffer: Buffer, offset: number, length: number, position: number | null = null): number {
  try {
    return readSync(fd, buffer, offset, length, position);
  } catch (error) {
    throw readFailure(entry, error);
  }
}

/** The error for a file that ends before the size it was listed with. */
export function fileShorter({ path }: ContextEntry, missingBytes: number): Error {
  return fileChanged(path, `is ${missingBytes} bytes shorter than when it was listed`);
}

function readFailure({ path }: ContextEntry, error: unknown): Error {
  const code = systemCodeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return fileChanged(path, "has gone since it was listed", error);
  if (code === "ELOOP" || code === "EISDIR" || code === "ENXIO" || code === "EAGAIN")
    return fileChanged(path, "is no longer the file that was listed", error);
  return fileUnreadable(path, error);
}
