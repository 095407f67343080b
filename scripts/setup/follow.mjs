import { closeSync, openSync, readSync } from "node:fs";

/**
 * Writes text that is appended to files to standard output.
 *
 * @param {() => readonly string[] | Promise<readonly string[]>} listFiles called each time, because files may be
 * created later
 * @returns {() => Promise<void>} writes the rest and stops
 */
export function follow(listFiles) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  const pump = async () => {
    for (const file of await listFiles()) seen.set(file, copyFrom(file, seen.get(file) ?? 0));
  };
  let last = pump();
  const timer = setInterval(() => (last = last.then(pump)), 200);
  return async () => {
    clearInterval(timer);
    await last;
    await pump();
  };
}

/**
 * @param {string} file
 * @param {number} offset in bytes
 * @returns {number} offset after the bytes that were written
 */
function copyFrom(file, offset) {
  let descriptor;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return offset; // it doesn't exist yet
  }
  try {
    const chunk = Buffer.alloc(64 * 1024);
    for (let end = offset; ;) {
      const length = readSync(descriptor, chunk, 0, chunk.length, end);
      if (length === 0) return end;
      process.stdout.write(Buffer.from(chunk.subarray(0, length)));
      end += length;
    }
  } finally {
    closeSync(descriptor);
  }
}
