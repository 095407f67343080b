import { realpathSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { fileUnreadable } from "../../context/files/contextEntries";
import { missing } from "./requirePath";

/** Real paths by image, so that each image resolves them again. */
const known = new WeakMap<object, Map<string, string>>();

/**
 * Resolves the links of a file that an image specifies, once for each image, so that the hashed file is also the one
 * that is sent.
 *
 * @param image object that identifies the image, such as its resolved form
 * @param within folder that must contain the file, if any
 * @throws ImageBuilderError `contextUnreadable`; `imageFileMissing` for a link to a path outside `within`
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
 * Checks that a file of a code bundle is in the bundle's folder. @throws ImageBuilderError `imageFileMissing` if its
 * links lead outside
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
