import { createHash } from "node:crypto";
import os from "node:os";
import path from "node:path";

/** The repository's folder. */
export const root = path.resolve(import.meta.dirname, "../..");

/** Where downloads, engines and logs are kept between runs; `IMAGE_BUILDERS_CACHE` lets several clones share one. */
export const cache = path.resolve(process.env.IMAGE_BUILDERS_CACHE ?? path.join(root, ".cache"));

/**
 * Eight letters and digits that stand for a folder in names that must be short.
 *
 * @param {string} folder
 */
export function shortHash(folder) {
  return createHash("sha256").update(path.resolve(folder)).digest("hex").slice(0, 8);
}

/**
 * A folder for sockets of `folder`: a unix socket's path holds at most 107 bytes, which a deep clone would exceed.
 *
 * @param {string} folder
 */
export function socketFolder(folder) {
  const short = path.join(os.tmpdir(), `image-builders-${shortHash(folder)}`);
  return short.length < 60 ? short : path.join("/tmp", path.basename(short));
}
