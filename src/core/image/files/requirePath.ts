import { statSync, type Stats } from "node:fs";
import { dirname, resolve } from "node:path";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { contactedHost } from "../../base/contactedHost";
import { readConfined } from "./confinedFiles";
import { checkConfined, type Confinement } from "./confinement";

/**
 * Returns the absolute path of a file that a layer needs.
 *
 * @throws ImageBuilderError `imageFileMissing`, naming layer and path, also for one on another computer;
 * `workspaceUntrusted` and `OutsideError` for one outside of `within`; none of them is looked at
 */
export function requireFile(where: string, root: string, path: string, within?: Confinement): string {
  const file = resolve(root, path);
  checkConfined(file, within);
  checkHere(where, path, root);
  if (!statsOf(where, file, "file").isFile())
    throw missing(where, `"${file}" is not a file. Specify the path of a file.`);
  return file;
}

/** Returns the absolute path of a project's file, whose folder is needed too; throws like {@link requireFile}. */
export function requireProject(where: string, root: string, path: string, within?: Confinement): string {
  checkConfined(dirname(resolve(root, path)), within);
  return requireFile(where, root, path, within);
}

/** Returns the absolute path of a folder that a layer needs; throws like {@link requireFile}. */
export function requireFolder(where: string, root: string, path: string, within?: Confinement): string {
  const folder = resolve(root, path);
  checkConfined(folder, within);
  checkHere(where, path, root);
  if (!statsOf(where, folder, "folder").isDirectory())
    throw missing(where, `"${folder}" is not a folder. Specify the path of a folder.`);
  return folder;
}

/** Makes sure that a file or folder is there; throws as {@link requireFile} does, with this problem. */
export function requirePath(where: string, path: string, problem: string, within?: Confinement): void {
  checkConfined(path, within);
  if (!statSync(path, { throwIfNoEntry: false })) throw missing(where, problem);
}

/**
 * Returns the text of a file that a layer specifies. The file is checked again when it is opened, since a link or a
 * pipe may have replaced it.
 *
 * @throws ImageBuilderError like {@link requireFile}; `contextChanged` if it is replaced in that moment
 */
export function readNamed(where: string, file: string, within: Confinement): string {
  let read;
  try {
    read = readConfined(file, within);
  } catch (error) {
    if (ImageBuilderError.is(error)) throw error;
    throw missing(
      where,
      `can't read the file "${file}" (${messageOf(error)}). Check that it exists and is readable.`,
      error,
    );
  }
  if (!read) throw missing(where, `"${file}" is not a file. Specify the path of a file.`);
  return read.bytes.toString("utf8");
}

/** @throws ImageBuilderError `imageFileMissing` for a path that looking at would sign in to another computer */
export function checkHere(where: string, path: string, root: string): void {
  if (contactedHost(path, root) === undefined) return;
  throw missing(where, `"${path}" is on another computer and was not accessed. Copy it to this computer.`);
}

/** Creates the error for a missing file or folder that a layer needs. */
export function missing(where: string, problem: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("imageFileMissing", `${where}: ${problem}`, { cause });
}

function statsOf(where: string, path: string, what: string): Stats {
  if (path.includes("\0"))
    throw missing(where, `the ${what} ${JSON.stringify(path)} has a null character in its name. Correct the path.`);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats) return stats;
  } catch (error) {
    throw missing(where, `can't access the ${what} "${path}" (${messageOf(error)}). Check its permissions.`, error);
  }
  throw missing(where, `the ${what} "${path}" doesn't exist. Create it or correct the path.`);
}
