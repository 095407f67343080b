import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * Reads a JSON file; returns `fallback` if it doesn't exist.
 *
 * @template T
 * @param {string} file
 * @param {T} fallback
 * @returns {Promise<T>}
 */
export async function readState(file, fallback) {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? fallback : JSON.parse(text);
}

/**
 * Writes a JSON file atomically: readers get the complete old or new content, even after a crash.
 *
 * @param {string} file
 * @param {unknown} state
 */
export async function writeState(file, state) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}
