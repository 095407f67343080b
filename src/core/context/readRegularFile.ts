import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, type Stats } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { liesAt, realFolder } from "./realFolder";

/** A link is followed; a pipe that has taken the file's place is not waited for. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A file's bytes and what the system tells of that same file. */
export interface RegularFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** Reads a file, over links; undefined for what is no file, such as a folder or a pipe. Throws what the system throws. */
export function readRegularFile(file: string): RegularFile | undefined {
  const fd = openRegularFile(file);
  if (fd === undefined) return undefined;
  try {
    return { stats: fstatSync(fd), bytes: readFileSync(fd) };
  } finally {
    closeSync(fd);
  }
}

/** Opens a file, over links, for the caller to close; undefined for what is no file. Throws what the system throws. */
export function openRegularFile(file: string): number | undefined {
  const fd = openSync(file, openFlags);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return undefined;
}

/**
 * Reads a file of a folder, over links that stay in it; undefined for what is no file or lies outside. Throws what the system throws.
 */
export function readFileWithin(folder: string, file: string): RegularFile | undefined {
  const { realPath: root } = realFolder(folder);
  const realPath = realpathSync.native(file);
  const way = relative(root, realPath);
  if (way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) return undefined;
  const fd = openSync(realPath, openFlags | (constants.O_NOFOLLOW ?? 0));
  try {
    const stats = fstatSync(fd);
    return stats.isFile() && liesAt(fd, realPath) ? { stats, bytes: readFileSync(fd) } : undefined;
  } finally {
    closeSync(fd);
  }
}
