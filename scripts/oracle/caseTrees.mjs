import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

/** @typedef {import("./randomCases.mjs").Case} Case */

/** Dockerfile that copies a whole context. */
const copyAll = "FROM scratch\nCOPY . /\n";

/**
 * Writes a case's tree. Every file contains its own path, so none is empty.
 *
 * @param {string} root
 * @param {Case} one
 */
export async function writeTree(root, { files, dockerignore }) {
  await mkdir(root, { recursive: true });
  for (const file of files) {
    const [name = "", target] = file.split(" -> ");
    const full = path.join(root, name);
    await mkdir(name.endsWith("/") ? full : path.dirname(full), { recursive: true });
    if (target !== undefined) await symlink(target, full);
    else if (!name.endsWith("/")) await writeFile(full, name === "Dockerfile" ? copyAll : `${name}\n`);
  }
  await writeFile(path.join(root, ".dockerignore"), dockerignore);
}
