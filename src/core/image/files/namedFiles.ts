import { realpathSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { fileUnreadable } from "../../context/files/contextEntries";
import { missing } from "./requirePath";

/** By image, so that each is looked up anew. */
const known = new WeakMap<object, Map<string, string>>();

/**
 * Follows the links that lead to a file which an image names, once for each image: what was hashed is what is sent.
 *
 * @param image tells one image from another, such as what it was resolved to
 * @param within the folder that the file must not leave, if any
 * @throws ImageBuilderError `contextUnreadable`; `imageFileMissing` for a link that leads out of `within`
 */
export function realPathOf(image: object, file: string, within?: string): string {
  const paths = known.get(image) ?? new Map<string, string>();
  known.set(image, paths);
  let realPath = paths.get(file);
  if (realPath === undefined) {
    realPath = followed(file);
    paths.set(file, realPath);
  }
  if (within !== undefined) checkWithin(file, realPath, within);
  return realPath;
}

/**
 * @throws ImageBuilderError `imageFileMissing` for a file of a code bundle whose links lead out of the bundle's folder
 */
export function checkWithin(file: string, realPath: string, folder: string): void {
  const way = relative(followed(folder), realPath);
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
  throw missing(
    "withCodeBundle",
    `"${file}" is a link to a path outside "${folder}". Copy the file into the folder, or add it with withSourceFile.`,
  );
}

function followed(file: string): string {
  try {
    return realpathSync.native(file);
  } catch (error) {
    throw fileUnreadable(file, error);
  }
}
