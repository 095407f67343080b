import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * What a JSON file holds; `fallback` where there is no such file.
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
 * Writes a JSON file so that whoever reads it, also after a crash, finds the old or the new content whole.
 *
 * @param {string} file
 * @param {unknown} state
 */
export async function writeState(file, state) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}
