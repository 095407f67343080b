import { contactedHost } from "../../base/contactedHost";
import { ImageBuilderError } from "../../base/errors";
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname, parse } from "node:path";
import { identityOf, isSameFile, type FileIdentity } from "./fileIdentity";

/** Folder as it was when it was first opened. */
export interface RealFolder extends FileIdentity {
  /** Absolute path without links. */
  readonly realPath: string;
}

/** Thrown when a folder, or one above it, has been replaced by a link or another folder. */
export class FolderMovedError extends Error {
  constructor(readonly folder: string) {
    super(`"${folder}" has been replaced since it was listed`);
  }
}

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const openFlags = O_RDONLY | O_DIRECTORY | O_NONBLOCK;
/** This process's open files on Linux, by process id, which is faster than the link `self`. */
const openFiles = `/proc/${process.pid}/fd/`;
/** False on Windows, where folders can't be opened. */
const opensFolders = O_DIRECTORY !== 0;

/**
 * Resolves a path to its folder, following links; throws the system's errors. A path that a workspace names must have
 * been checked with `contactedHost`.
 */
export function realFolder(path: string): RealFolder {
  if (!opensFolders) {
    const realPath = realpathSync.native(path);
    return { realPath, ...pick(identityOf(statSync(realPath), () => statSync(realPath, { bigint: true }))) };
  }
  const fd = openSync(path, openFlags);
  try {
    const realPath = pathOfOpen(fd) ?? realpathSync.native(path);
    return { realPath, ...pick(identityOf(fstatSync(fd), () => fstatSync(fd, { bigint: true }))) };
  } finally {
    closeSync(fd);
  }
}

/**
 * Runs `work` in a folder that must be where it was listed. On Linux, `place` leads to that folder itself, so it can't
 * be replaced in the meantime; on other systems, its path is compared before and after.
 *
 * @throws FolderMovedError if the folder has moved; the system's errors
 */
export function inFolder<Result>(realPath: string, work: (place: string, folder: RealFolder) => Result): Result {
  // A link that has replaced the folder, or one above it, must not even be followed to compare its path.
  if (contactedHost(realPath, parse(realPath).root) !== undefined) throw new FolderMovedError(realPath);
  if (!opensFolders) return betweenChecks(realFolder(realPath), realPath, work);
  const fd = openFolder(realPath);
  try {
    const folder = { realPath, ...pick(identityOf(fstatSync(fd), () => fstatSync(fd, { bigint: true }))) };
    const place = pathOfOpen(fd);
    if (place === undefined) return betweenChecks(folder, realPath, work);
    if (place !== realPath) throw new FolderMovedError(realPath);
    return work(openFiles + fd, folder);
  } finally {
    closeSync(fd);
  }
}

/** Whether a folder is still the same and where it was listed; throws the system's errors. */
export function isInPlace({ realPath, dev, ino }: RealFolder): boolean {
  try {
    return inFolder(realPath, (_, now) => now.ino === ino && (now.dev === dev || !opensFolders));
  } catch (error) {
    if (error instanceof FolderMovedError) return false;
    throw error;
  }
}

/**
 * Whether an open file is the one at a path, with no link there or in the folders above it. Where the system doesn't
 * provide the path of an open file, the identities are compared between two looks at the folders: Windows has no flag
 * that keeps a link from being opened.
 */
export function liesAt(fd: number, realPath: string): boolean {
  const place = pathOfOpen(fd);
  // Linux marks a file that was deleted after it was opened.
  if (place !== undefined) return place === realPath || place === `${realPath} (deleted)`;
  return isReal(dirname(realPath)) && isFileAt(fd, realPath) && isReal(dirname(realPath));
}

function isFileAt(fd: number, path: string): boolean {
  try {
    const there = lstatSync(path);
    if (there.isSymbolicLink()) return false;
    const { dev, ino } = identityOf(there, () => lstatSync(path, { bigint: true }));
    return isSameFile(dev, ino, fd, fstatSync(fd));
  } catch {
    return false;
  }
}

function openFolder(realPath: string): number {
  try {
    return openSync(realPath, openFlags | O_NOFOLLOW);
  } catch (error) {
    if (!isReal(realPath, true)) throw new FolderMovedError(realPath);
    throw error;
  }
}

function betweenChecks<Result>(
  folder: RealFolder,
  realPath: string,
  work: (place: string, folder: RealFolder) => Result,
): Result {
  if (!isReal(realPath)) throw new FolderMovedError(realPath);
  const result = work(realPath, folder);
  if (!isReal(realPath)) throw new FolderMovedError(realPath);
  return result;
}

/** @param whereGone result for a path that can't be resolved */
function isReal(path: string, whereGone = false): boolean {
  try {
    return realpathSync.native(path) === path;
  } catch {
    return whereGone;
  }
}

/** Returns the real path of an open file or folder, or undefined if the system doesn't provide it. */
function pathOfOpen(fd: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readlinkSync(openFiles + fd);
  } catch {
    // /proc is not available, or the path is too long for it.
    return undefined;
  }
}

function pick({ dev, ino }: FileIdentity): FileIdentity {
  return { dev, ino };
}

/** Returns the error for a folder that was replaced after it was listed. */
export function folderChanged(path: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextChanged",
    `The folder "${path}" has been replaced since it was listed. Build again when the folder is no longer changing.`,
    { cause },
  );
}
