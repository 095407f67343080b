import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, type Stats } from "node:fs";
import { isLinkedAway } from "../../base/contactedHost";
import { systemCodeOf } from "../../base/errors";
import { pathWithin } from "../../base/pathWithin";
import { fileChanged } from "./contextEntries";
import { identityOf, isSameFile } from "./fileIdentity";
import { liesAt, realFolder } from "./realFolder";

/** Follows links, and doesn't wait for a pipe that has replaced the file. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Maximum size in bytes of a file that is read as a whole. Dockerfiles, ignore files, and lock files are much smaller.
 */
const mostBytes = 8 * 2 ** 20;

const inPlaceFlags = openFlags | (constants.O_NOFOLLOW ?? 0);

/** Opens a file; returns undefined for anything else. */
export type OpenFile = (file: string) => number | undefined;

/** Content of a file with the stats of the same open file. */
export interface RegularFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/**
 * Reads a file, following links; returns undefined for anything else, such as a folder or a pipe. Throws the system's
 * errors, and an Error for a file larger than 8 MiB.
 *
 * @param open opens the file, for one that must not be any other
 */
export function readRegularFile(file: string, open: OpenFile = openRegularFile): RegularFile | undefined {
  const fd = open(file);
  if (fd === undefined) return undefined;
  try {
    const stats = fstatSync(fd);
    return { stats, bytes: bytesOf(fd, stats) };
  } finally {
    closeSync(fd);
  }
}

/**
 * Opens a file, following links; the caller closes it. Returns undefined for anything else. Throws the system's errors,
 * and an Error for a link to another computer, which is not contacted.
 */
export function openRegularFile(file: string): number | undefined {
  if (isLinkedAway(file)) throw new Error("it is a link to another computer and was not accessed");
  const fd = openSync(file, openFlags);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return undefined;
}

/**
 * Opens the file at a path without links, and follows none: what was opened has the identity and the path of what was
 * there. The caller closes it. Returns undefined for anything but a file. Throws the system's errors.
 *
 * @throws ImageBuilderError `contextChanged` if a link or another file has taken its place, or that of a folder above
 */
export function openInPlace(realPath: string): number | undefined {
  const there = lstatSync(realPath);
  if (there.isSymbolicLink()) throw replaced(realPath);
  if (!there.isFile()) return undefined;
  const { dev, ino } = identityOf(there, () => lstatSync(realPath, { bigint: true }));
  const fd = openUnlinked(realPath);
  if (isSameFile(dev, ino, fd, fstatSync(fd)) && liesAt(fd, realPath)) return fd;
  closeSync(fd);
  throw replaced(realPath);
}

function openUnlinked(realPath: string): number {
  try {
    return openSync(realPath, inPlaceFlags);
  } catch (error) {
    throw systemCodeOf(error) === "ELOOP" ? replaced(realPath, error) : error;
  }
}

function replaced(file: string, cause?: unknown): Error {
  return fileChanged(file, "has been replaced since it was checked", cause);
}

/**
 * Reads a file in a folder, following links that stay in it; returns undefined for a path outside and for anything but
 * a file. Throws as {@link readRegularFile} does.
 */
export function readFileWithin(folder: string, file: string): RegularFile | undefined {
  const { realPath: root } = realFolder(folder);
  if (isLinkedAway(file)) return undefined;
  const realPath = realpathSync.native(file);
  if (!pathWithin(root, realPath)) return undefined;
  const fd = openSync(realPath, inPlaceFlags);
  try {
    const stats = fstatSync(fd);
    return stats.isFile() && liesAt(fd, realPath) ? { stats, bytes: bytesOf(fd, stats) } : undefined;
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads to the end instead of the reported size: a file may grow while it is read, and some system files report size 0.
 */
function bytesOf(fd: number, { size }: Stats): Buffer {
  const chunks: Buffer[] = [];
  let held = 0;
  for (let wanted = size + 1; held + wanted <= mostBytes + 1; wanted = 65_536) {
    const chunk = Buffer.allocUnsafe(wanted);
    const count = readSync(fd, chunk, 0, wanted, null);
    if (count === 0) return chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks, held);
    chunks.push(chunk.subarray(0, count));
    held += count;
  }
  throw new Error(`it is larger than ${mostBytes / 2 ** 20} MiB`);
}
