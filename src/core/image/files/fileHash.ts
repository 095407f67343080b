import { createHash } from "node:crypto";
import { closeSync, createReadStream, fstatSync, readFile, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { inBatches } from "../../base/batches";
import { fileChanged, fileUnreadable } from "../../context/files/contextEntries";
import { openListed } from "../../context/files/listedFile";
import { FolderMovedError, inFolder } from "../../context/files/realFolder";
import type { FoundEntry } from "../../context/files/walk";
import { ImageBuilderError } from "../../base/errors";
import type { Canonical } from "../definition/canonical";
import { openConfined } from "./confinedFiles";
import type { Confinement } from "./confinement";
import type { ExecutableBits } from "./executableBits";
import type { KnownHashes } from "./knownHashes";

/** Maximum size in bytes of a file that is read at once, which is several times faster than a stream. */
const smallBytes = 2 ** 18;

/** Facts about an image's files, which are collected once for all of them. */
export interface FileFacts {
  readonly executableBits: ExecutableBits;
  readonly hashes: KnownHashes;
  /** Places that the files may be in. */
  readonly within: Confinement;
}

/** Number of files to read in parallel: reading waits for the disk, and few files should be open. */
const atOnce = 16;

/** `fs/promises` would create a handle for each file, and take twice as long. */
const readWhole = promisify(readFile);

/**
 * Returns the SHA-256 of a file's bytes in hexadecimal digits; the path may be a link.
 *
 * @throws ImageBuilderError `contextUnreadable`; like `checkConfined`; the signal's reason if aborted
 */
export async function hashFile(
  path: string,
  { hashes, within }: Pick<FileFacts, "hashes" | "within">,
  signal?: AbortSignal,
): Promise<string> {
  return hashOpened(path, () => openNamed(path, within), hashes, signal, realPlace(path));
}

/** A missing file is reported when it is opened. */
function realPlace(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/**
 * Returns the hash of a file like `hashFile`, but only if the file is still in the place where it was listed.
 *
 * @param realPath path with all links resolved
 * @throws ImageBuilderError also `contextChanged` if the file was replaced with a link or another object
 */
export async function hashListed(
  path: string,
  realPath: string,
  hashes: KnownHashes,
  signal?: AbortSignal,
): Promise<string> {
  return hashOpened(path, () => openListed({ path, realPath }, path), hashes, signal, realPath);
}

/** Opens a file that the user specified; throws for other objects, such as a pipe, which would block. */
function openNamed(path: string, within: Confinement): number {
  const fd = openConfined(path, within);
  if (fd === undefined) throw new Error("it is not a file");
  return fd;
}

async function hashOpened(
  path: string,
  open: () => number,
  hashes: KnownHashes,
  signal: AbortSignal | undefined,
  place = path,
): Promise<string> {
  signal?.throwIfAborted();
  let fd: number | undefined;
  try {
    fd = open();
    const stats = fstatSync(fd);
    const known = hashes.find(place, stats);
    if (known !== undefined) return known;
    const hash = createHash("sha256");
    if (stats.size <= smallBytes) return hashes.keep(place, stats, hash.update(await readWhole(fd)).digest("hex"));
    const stream = createReadStream(path, { fd });
    fd = undefined;
    for await (const chunk of stream) {
      // Checked for each chunk, since a listener per file would be too many for one signal.
      signal?.throwIfAborted();
      hash.update(chunk as Buffer);
    }
    return hashes.keep(place, stats, hash.digest("hex"));
  } catch (error) {
    signal?.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw fileUnreadable(path, error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * Describes the content of a folder: paths, bytes, targets of links, and which files are executable. Leaves out times,
 * owners, and the file system's order of names.
 *
 * @throws ImageBuilderError `contextUnreadable`; the signal's reason if aborted
 */
export async function describeFiles(
  found: Iterable<FoundEntry | undefined>,
  facts: FileFacts,
  signal?: AbortSignal,
): Promise<Canonical[]> {
  const files: [path: string, description: Canonical][] = [];
  for await (const batch of inBatches(found, signal)) {
    for (let at = 0; at < batch.length; at += atOnce) {
      const describe = async (entry: FoundEntry): Promise<[string, Canonical]> => [
        entry.path,
        await describeFile(entry, facts, signal),
      ];
      files.push(...(await Promise.all(batch.slice(at, at + atOnce).map(describe))));
    }
  }
  return files.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function describeFile(
  { path, absolutePath, realPath, isNamed, kind }: FoundEntry,
  { executableBits, hashes, within }: FileFacts,
  signal: AbortSignal | undefined,
): Promise<Canonical> {
  const place = realPath ?? absolutePath;
  if (kind === "directory" || kind === "fifo") hashes.keepOther(place, { kind });
  if (kind !== "file" && kind !== "symlink") return { kind };
  if (kind === "symlink") {
    const target = targetOf(path, place).replaceAll("\\", process.platform === "win32" ? "/" : "\\");
    hashes.keepOther(place, { kind, target });
    return { kind, target };
  }
  const content = await (isNamed
    ? hashFile(absolutePath, { hashes, within }, signal)
    : hashListed(absolutePath, place, hashes, signal));
  const executable = await executableBits.isExecutable(place, signal);
  hashes.keepExecutable(place, executable);
  return { kind: "file", executable, content };
}

function targetOf(path: string, link: string): string {
  try {
    return inFolder(dirname(link), (folder) => readlinkSync(join(folder, basename(link))));
  } catch (error) {
    throw error instanceof FolderMovedError
      ? fileChanged(path, "is reached through a link that did not exist when it was listed", error)
      : fileUnreadable(path, error);
  }
}
