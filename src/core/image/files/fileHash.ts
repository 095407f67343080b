import { createHash } from "node:crypto";
import { createReadStream, readlinkSync, statSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { inBatches } from "../../context/batches";
import { fileUnreadable } from "../../context/contextEntries";
import type { FoundEntry } from "../../context/walk";
import type { Canonical } from "../canonical";

/** SHA-256 of a file's bytes, in hexadecimal digits. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw fileUnreadable(path, error);
  }
  return hash.digest("hex");
}

/** Whether a file may be executed by its owner: all of its mode that gets into an image. */
export function isExecutable(path: string): boolean {
  // Windows has no bit for it, so there everything may, as with the docker CLI.
  return process.platform === "win32" || (statSync(path).mode & 0o100) !== 0;
}

/**
 * What makes the content of a folder: paths, bytes, targets of links, and what may be executed. Not times, owners, or the order
 * in which a file system lists names.
 */
export async function describeFiles(found: Iterable<FoundEntry | undefined>, signal?: AbortSignal): Promise<Canonical[]> {
  const files: [path: string, description: Canonical][] = [];
  for await (const batch of inBatches(found, signal)) {
    for (const { path, absolutePath, kind } of batch) files.push([path, await describeFile(absolutePath, kind)]);
  }
  return files.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function describeFile(path: string, kind: FoundEntry["kind"]): Promise<Canonical> {
  if (kind !== "file" && kind !== "symlink") return { kind };
  if (kind === "symlink") return { kind, target: readlinkSync(path).replaceAll("\\", process.platform === "win32" ? "/" : "\\") };
  return { kind: "file", executable: isExecutable(path), content: await hashFile(path) };
}
