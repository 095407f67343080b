import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { root } from "./paths.mjs";
import { SetUpError } from "./setUpError.mjs";

/**
 * Lists the shipped files by the lines of `.vscodeignore` that include files again. vsce reads that file too, but only
 * after listing everything below the folder, which may contain the millions of files of a test daemon.
 *
 * @param {string} dist folder of the bundles, instead of `dist`
 * @returns {Promise<Map<string, string>>} path on disk by path in the package
 * @throws {SetUpError} if a line matches no file
 */
export async function shippedFiles(dist = path.join(root, "dist")) {
  const text = await readFile(path.join(root, ".vscodeignore"), "utf8");
  const patterns = text
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1).trim());
  const found = await Promise.all(patterns.map((pattern) => filesLike(pattern, dist)));
  return new Map(found.flat().sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * @param {string} pattern path in which only the last part may contain `*`
 * @param {string} dist
 * @returns {Promise<[string, string][]>}
 */
async function filesLike(pattern, dist) {
  const { dir, base } = path.posix.parse(pattern);
  const folder = dir === "dist" ? dist : path.join(root, dir);
  const name = new RegExp(
    `^${base
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^/]*")}$`,
  );
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && name.test(entry.name)).map((entry) => entry.name);
  if (names.length === 0) throw new SetUpError(`The line "!${pattern}" of .vscodeignore matches no file.`);
  return names.map((each) => [path.posix.join(dir, each), path.join(folder, each)]);
}
