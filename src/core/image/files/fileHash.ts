import { createHash } from "node:crypto";
import { createReadStream, readFile, readlinkSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { inBatches } from "../../context/batches";
import { fileUnreadable } from "../../context/contextEntries";
import type { FoundEntry } from "../../context/walk";
import type { Canonical } from "../canonical";

/** Up to which size a file is read at once, which takes a fraction of the time of a stream. */
const smallBytes = 2 ** 18;

/** How many files are read at a time: reading waits for the disk, and open files are few. */
const atOnce = 16;

/** Of the promises' own each takes a handle, and twice the time. */
const readWhole = promisify(readFile);

/**
 * SHA-256 of a file's bytes, in hexadecimal digits.
 *
 * @throws ImageBuilderError `contextUnreadable`; the signal's reason
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const hash = createHash("sha256");
  try {
    if (statSync(path).size <= smallBytes) return hash.update(await readWhole(path)).digest("hex");
    for await (const chunk of createReadStream(path)) {
      // Listeners of many files at a time would be too many for a signal.
      signal?.throwIfAborted();
      hash.update(chunk as Buffer);
    }
    return hash.digest("hex");
  } catch (error) {
    signal?.throwIfAborted();
    throw fileUnreadable(path, error);
  }
}

/** Whether a file may be executed by its owner: all of its mode that gets into an image. */
export function isExecutable(path: string): boolean {
  // Windows has no bit for it, so there everything may, as with the docker CLI.
  return process.platform === "win32" || (statSync(path).mode & 0o100) !== 0;
}

/**
 * What makes the content of a folder: paths, bytes, targets of links, and what may be executed. Not times, owners, or the order
 * in which a file system lists names.
 *
 * @throws ImageBuilderError `contextUnreadable`; the signal's reason
 */
export async function describeFiles(found: Iterable<FoundEntry | undefined>, signal?: AbortSignal): Promise<Canonical[]> {
  const files: [path: string, description: Canonical][] = [];
  for await (const batch of inBatches(found, signal)) {
    for (let at = 0; at < batch.length; at += atOnce) {
      files.push(...(await Promise.all(batch.slice(at, at + atOnce).map(async ({ path, absolutePath, kind }): Promise<[string, Canonical]> => [path, await describeFile(absolutePath, kind, signal)]))));
    }
  }
  return files.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function describeFile(path: string, kind: FoundEntry["kind"], signal: AbortSignal | undefined): Promise<Canonical> {
  if (kind !== "file" && kind !== "symlink") return { kind };
  if (kind === "symlink") return { kind, target: readlinkSync(path).replaceAll("\\", process.platform === "win32" ? "/" : "\\") };
  return { kind: "file", executable: isExecutable(path), content: await hashFile(path, signal) };
}
