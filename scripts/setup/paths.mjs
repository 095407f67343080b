import { createHash } from "node:crypto";
import os from "node:os";
import path from "node:path";

/** Folder of the repository. */
export const root = path.resolve(import.meta.dirname, "../..");

/**
 * Folder of downloads, engines, and logs, which are kept between runs. `IMAGE_BUILDERS_CACHE` lets several clones share
 * one.
 */
export const cache = path.resolve(process.env.IMAGE_BUILDERS_CACHE ?? path.join(root, ".cache"));

/**
 * Returns eight letters and digits that identify a folder in short names.
 *
 * @param {string} folder
 */
export function shortHash(folder) {
  return createHash("sha256").update(path.resolve(folder)).digest("hex").slice(0, 8);
}

/**
 * Returns a folder for sockets of `folder`: the path of a Unix socket has at most 107 bytes, which a deep clone would
 * exceed.
 *
 * @param {string} folder
 */
export function socketFolder(folder) {
  const short = path.join(os.tmpdir(), `image-builders-${shortHash(folder)}`);
  return short.length < 60 ? short : path.join("/tmp", path.basename(short));
}
