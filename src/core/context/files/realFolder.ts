import { ImageBuilderError } from "../../base/errors";
import { closeSync, constants, fstatSync, openSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { identityOf, type FileIdentity } from "./fileIdentity";

/** A folder as it was when it was first looked at. */
export interface RealFolder extends FileIdentity {
  /** Absolute path without a link in it. */
  readonly realPath: string;
}

/** A folder, or one above it, is not where it was: a link or another folder has taken its place. */
export class FolderMovedError extends Error {
  constructor(readonly folder: string) {
    super(`"${folder}" has been replaced since it was listed`);
  }
}

const { O_RDONLY, O_DIRECTORY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const openFlags = O_RDONLY | O_DIRECTORY | O_NONBLOCK;
/** What this process has open, on Linux: by its number, which is faster than the link `self`. */
const openFiles = `/proc/${process.pid}/fd/`;
/** Windows opens no folders. */
const opensFolders = O_DIRECTORY !== 0;

/** Finds the folder that a path leads to, over links; throws what the system throws. */
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
 * Does something in a folder that must be where it was listed. On Linux `place` leads to that folder itself, so that
 * nobody can put another in its place meanwhile; elsewhere its path is compared before and after.
 *
 * @throws FolderMovedError when it is not; what the system throws
 */
export function inFolder<Result>(realPath: string, work: (place: string, folder: RealFolder) => Result): Result {
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

/** Whether a folder is where it was listed, and the same; throws what the system throws. */
export function isInPlace({ realPath, dev, ino }: RealFolder): boolean {
  try {
    return inFolder(realPath, (_, now) => now.ino === ino && (now.dev === dev || !opensFolders));
  } catch (error) {
    if (error instanceof FolderMovedError) return false;
    throw error;
  }
}

/** Whether an open file is at a path, and no folder above it a link. */
export function liesAt(fd: number, realPath: string): boolean {
  const place = pathOfOpen(fd);
  // Linux marks what was deleted after it was opened.
  if (place !== undefined) return place === realPath || place === `${realPath} (deleted)`;
  return isReal(dirname(realPath));
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

/** @param whereGone the answer for a path that leads nowhere */
function isReal(path: string, whereGone = false): boolean {
  try {
    return realpathSync.native(path) === path;
  } catch {
    return whereGone;
  }
}

/** Where an open file or folder really is; undefined where the system does not tell. */
function pathOfOpen(fd: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readlinkSync(openFiles + fd);
  } catch {
    // There is no /proc, or the path is too long for it.
    return undefined;
  }
}

function pick({ dev, ino }: FileIdentity): FileIdentity {
  return { dev, ino };
}

/** The error for a folder that is not what it was when it was listed. */
export function folderChanged(path: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextChanged",
    `The folder "${path}" has been replaced since it was listed. Build again when the folder is no longer changing.`,
    { cause },
  );
}
