import { statSync, type Stats } from "node:fs";
import { resolve } from "node:path";
import { readRegularFile } from "../../context/files/readRegularFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { checkConfined, type Confinement } from "./confinement";

/**
 * Returns the absolute path of a file that a layer needs.
 *
 * @throws ImageBuilderError `imageFileMissing`, with the layer and the path; `workspaceUntrusted` for a path outside of
 * `within`, which is not accessed
 */
export function requireFile(where: string, root: string, path: string, within?: Confinement): string {
  const file = resolve(root, path);
  checkConfined(file, within);
  if (!statsOf(where, file, "file").isFile())
    throw missing(where, `"${file}" is not a file. Specify the path of a file.`);
  return file;
}

/** Returns the absolute path of a folder that a layer needs; throws like {@link requireFile}. */
export function requireFolder(where: string, root: string, path: string, within?: Confinement): string {
  const folder = resolve(root, path);
  checkConfined(folder, within);
  if (!statsOf(where, folder, "folder").isDirectory())
    throw missing(where, `"${folder}" is not a folder. Specify the path of a folder.`);
  return folder;
}

/**
 * Returns the text of a file that a layer specifies; throws like {@link requireFile}, also if a pipe has replaced the
 * file.
 */
export function readNamed(where: string, file: string): string {
  let read;
  try {
    read = readRegularFile(file);
  } catch (error) {
    throw missing(
      where,
      `can't read the file "${file}" (${messageOf(error)}). Check that it exists and is readable.`,
      error,
    );
  }
  if (!read) throw missing(where, `"${file}" is not a file. Specify the path of a file.`);
  return read.bytes.toString("utf8");
}

/** Creates the error for a missing file or folder that a layer needs. */
export function missing(where: string, problem: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("imageFileMissing", `${where}: ${problem}`, { cause });
}

function statsOf(where: string, path: string, what: string): Stats {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats) return stats;
  } catch (error) {
    throw missing(where, `can't access the ${what} "${path}" (${messageOf(error)}). Check its permissions.`, error);
  }
  throw missing(where, `the ${what} "${path}" doesn't exist. Create it or correct the path.`);
}
