import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { root } from "./paths.mjs";
import { readState, writeState } from "./stateFile.mjs";

/** Folder of the build results and of their recorded sources. */
const dist = path.join(root, "dist");

/**
 * Builds something, unless it exists and was built from the same files.
 *
 * @param {string} name
 * @param {{ from: readonly string[], to: readonly string[] }} files paths below the repository: source files and
 * folders, and the files that are created
 * @param {() => Promise<void>} work
 * @returns {Promise<boolean>} whether it was built
 */
export function buildOnce(name, { from, to }, work) {
  return withLock(path.join(dist, name), async () => {
    const stateFile = path.join(dist, ".built", `${name}.json`);
    const current = async () => ({ from: await digestOf(from), to: await Promise.all(to.map(fingerprint)) });
    const wanted = await current();
    if (!wanted.to.includes("absent") && JSON.stringify(await readState(stateFile, {})) === JSON.stringify(wanted))
      return false;
    await work();
    // Records the sources at the start of the build, so that a later change causes a new build.
    await writeState(stateFile, { from: wanted.from, to: (await current()).to });
    return true;
  });
}

/**
 * Returns a hash that changes with the name or content of any file.
 *
 * @param {readonly string[]} places
 */
async function digestOf(places) {
  const hash = createHash("sha256");
  for (const place of places) {
    for (const file of await filesBelow(path.resolve(root, place))) {
      hash.update(`${path.relative(root, file)}\0`).update(
        createHash("sha256")
          .update(await readFile(file))
          .digest(),
      );
    }
  }
  return hash.digest("hex");
}

/**
 * @param {string} place
 * @returns {Promise<string[]>}
 */
async function filesBelow(place) {
  if ((await stat(place)).isFile()) return [place];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Returns a text that changes when another program writes the file; "absent" if it doesn't exist.
 *
 * @param {string} file
 */
async function fingerprint(file) {
  return stat(path.resolve(root, file)).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => "absent",
  );
}
