import type { Stats } from "node:fs";
import { constants, open, stat } from "node:fs/promises";

const defaultMaxBytes = 8 * 2 ** 20;
/** Prevents waiting for a pipe that replaces the file after it was checked. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file that other programs write and that is normally small, such as a configuration. The default limit is 8
 * MiB.
 *
 * @throws the file system's own errors; Error if it is not a file (a pipe would never end) or too large
 */
export async function readSmallFile(file: string, maxBytes = defaultMaxBytes): Promise<string> {
  return (await readSmallBytes(file, maxBytes)).toString("utf8");
}

/**
 * Reads the bytes of a file; otherwise the same as {@link readSmallFile}. For a folder, the error's code is `EISDIR`.
 */
export async function readSmallBytes(file: string, maxBytes = defaultMaxBytes): Promise<Buffer> {
  // Checks the type first, because opening a pipe waits for its writer.
  const { size } = requireFile(await stat(file));
  if (size > maxBytes) throw tooLarge(maxBytes);
  const handle = await open(file, openFlags);
  try {
    requireFile(await handle.stat());
    const buffer = Buffer.allocUnsafe(maxBytes < size + 1 ? maxBytes : size + 1);
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return Buffer.concat(chunks, sizeBytes);
      sizeBytes += bytesRead;
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(Buffer.from(buffer.subarray(0, bytesRead)));
    }
  } finally {
    await handle.close();
  }
}

function requireFile(found: Stats): Stats {
  if (!found.isFile()) throw Object.assign(new Error("it is not a file"), found.isDirectory() && { code: "EISDIR" });
  return found;
}

function tooLarge(maxBytes: number): Error {
  return new Error(`it is larger than ${Math.round(maxBytes / 2 ** 20)} MiB`);
}
