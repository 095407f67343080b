import { createHash } from "node:crypto";
import { closeSync, createReadStream, fstatSync, readFile, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { inBatches } from "../../base/batches";
import { fileChanged, fileUnreadable } from "../../context/files/contextEntries";
import { openListed } from "../../context/files/listedFile";
import { openRegularFile } from "../../context/files/readRegularFile";
import { FolderMovedError, inFolder } from "../../context/files/realFolder";
import type { FoundEntry } from "../../context/files/walk";
import { ImageBuilderError } from "../../base/errors";
import type { Canonical } from "../definition/canonical";
import type { ExecutableBits } from "./executableBits";
import type { KnownHashes } from "./knownHashes";

/** Up to which size a file is read at once, which takes a fraction of the time of a stream. */
const smallBytes = 2 ** 18;

/** What an image's files are described with, once for all of them. */
export interface FileFacts {
  readonly executableBits: ExecutableBits;
  readonly hashes: KnownHashes;
}

/** How many files are read at a time: reading waits for the disk, and open files are few. */
const atOnce = 16;

/** Of the promises' own each takes a handle, and twice the time. */
const readWhole = promisify(readFile);

/**
 * SHA-256 of the bytes of a file, which may be a link, in hexadecimal digits.
 *
 * @throws ImageBuilderError `contextUnreadable`; the signal's reason
 */
export async function hashFile(path: string, hashes: KnownHashes, signal?: AbortSignal): Promise<string> {
  return hashOpened(path, () => openNamed(path), hashes, signal, realPlace(path));
}

/** A file that is not there is told when it is opened. */
function realPlace(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/**
 * The same of a file that must still be where it was found.
 *
 * @param realPath without a link in it
 * @throws ImageBuilderError also `contextChanged` when a link or another thing has taken its place
 */
export async function hashListed(
  path: string,
  realPath: string,
  hashes: KnownHashes,
  signal?: AbortSignal,
): Promise<string> {
  return hashOpened(path, () => openListed({ path, realPath }, path), hashes, signal, realPath);
}

/** Opens a file that somebody named; throws for what is none, such as a pipe, which would be waited for. */
function openNamed(path: string): number {
  const fd = openRegularFile(path);
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
      // Listeners of many files at a time would be too many for a signal.
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
 * What makes the content of a folder: paths, bytes, targets of links, and what may be executed. Not times, owners, or
 * the order in which a file system lists names.
 *
 * @throws ImageBuilderError `contextUnreadable`; the signal's reason
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
  { executableBits, hashes }: FileFacts,
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
    ? hashFile(absolutePath, hashes, signal)
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
