import { realpathSync } from "node:fs";
import type { ImageBuilderError } from "../../base/errors";
import { checkConfined, type Confinement } from "./confinement";
import { isAbsolute, relative, sep } from "node:path";
import { fileUnreadable } from "../../context/files/contextEntries";
import { missing } from "./requirePath";

/** Real paths by image, so that each image resolves them again. */
const known = new WeakMap<object, Map<string, string>>();

/** Resolved image, which limits the files that it may use. */
interface LimitedImage {
  readonly within?: Confinement;
}

/**
 * Resolves the links of a file that an image specifies, once for each image, so that the hashed file is also the one
 * that is sent.
 *
 * @param image object that identifies the image, such as its resolved form
 * @param within folder that must contain the file, if any
 * @throws ImageBuilderError `contextUnreadable`; `imageFileMissing` for a link to a path outside `within`; as
 * `checkConfined` if a link has changed since the image was resolved
 */
export function realPathOf(image: LimitedImage, file: string, within?: string): string {
  const paths = known.get(image) ?? new Map<string, string>();
  known.set(image, paths);
  let realPath = paths.get(file);
  if (realPath === undefined) {
    realPath = followed(file);
    checkConfined(realPath, image.within);
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
  throw linkedOut(file, folder);
}

/** Creates the error for a path of a code bundle that leads out of the bundle's folder. */
export function linkedOut(path: string, folder: string): ImageBuilderError {
  return missing(
    "withCodeBundle",
    `"${path}" is a link to a path outside "${folder}". Copy the file into the folder, or add it with withSourceFile.`,
  );
}

function followed(file: string): string {
  try {
    return realpathSync.native(file);
  } catch (error) {
    throw fileUnreadable(file, error);
  }
}
