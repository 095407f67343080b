import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, type Stats } from "node:fs";
import { isLinkedAway } from "../../base/contactedHost";
import { pathWithin } from "../../base/pathWithin";
import { liesAt, realFolder } from "./realFolder";

/** Follows links, and doesn't wait for a pipe that has replaced the file. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Maximum size in bytes of a file that is read as a whole. Dockerfiles, ignore files, and lock files are much smaller.
 */
const mostBytes = 8 * 2 ** 20;

/** Content of a file with the stats of the same open file. */
export interface RegularFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/**
 * Reads a file, following links; returns undefined for anything else, such as a folder or a pipe. Throws the system's
 * errors, and an Error for a file larger than 8 MiB.
 */
export function readRegularFile(file: string): RegularFile | undefined {
  const fd = openRegularFile(file);
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
 * Reads a file in a folder, following links that stay in it; returns undefined for a path outside and for anything but
 * a file. Throws as {@link readRegularFile} does.
 */
export function readFileWithin(folder: string, file: string): RegularFile | undefined {
  const { realPath: root } = realFolder(folder);
  if (isLinkedAway(file)) return undefined;
  const realPath = realpathSync.native(file);
  if (!pathWithin(root, realPath)) return undefined;
  const fd = openSync(realPath, openFlags | (constants.O_NOFOLLOW ?? 0));
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
