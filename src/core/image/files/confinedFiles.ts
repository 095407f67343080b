import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openInPlace, openRegularFile, readRegularFile, type RegularFile } from "../../context/files/readRegularFile";
import { folderChanged, FolderMovedError, inFolder } from "../../context/files/realFolder";
import { confinedPath, isConfined, listablePath, type Confinement, type Places } from "./confinement";

/**
 * Opens a file that an image may use: the one that was checked, and never one that a link has put in its place since.
 * The caller closes it. Returns undefined for anything but a file.
 *
 * @throws ImageBuilderError like `checkConfined`; `contextChanged` if the file was replaced; the system's errors
 */
export function openConfined(file: string, within: Confinement): number | undefined {
  return within === undefined ? openRegularFile(file) : openInPlace(confinedPath(file, within));
}

/** Reads a file that an image may use; throws like {@link openConfined}, and an Error for one that is too large. */
export function readConfined(file: string, within: Confinement): RegularFile | undefined {
  return readRegularFile(file, (path) => openConfined(path, within));
}

/**
 * Returns the names in a folder that an image may use.
 *
 * @throws ImageBuilderError like `checkConfined`; `contextChanged` if the folder was replaced; the system's errors
 */
export function namesIn(folder: string, within: Confinement): string[] {
  const real = within && confinedPath(folder, within);
  return real === undefined ? readdirSync(folder) : inChecked(real, (place) => readdirSync(place));
}

/**
 * Lists a folder whose names an image may list; returns undefined for another one.
 *
 * @throws `OutsideError` where the person may be asked; otherwise like {@link namesIn}
 */
export function listed<Result>(
  folder: string,
  within: Confinement,
  list: (place: string) => Result,
): Result | undefined {
  if (within === undefined) return list(folder);
  const real = listablePath(folder, within);
  return real === undefined ? undefined : inChecked(real, list);
}

/** Entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isLink: boolean;
  /** Whether it is a folder, or a link to one that may be read. */
  readonly isFolder: boolean;
}

/**
 * Returns the entries of a folder, and none if it may not be listed: those of the folder that was checked, whatever
 * takes its place.
 *
 * @throws ImageBuilderError like {@link listed}; the system's errors
 */
export function entriesIn(folder: string, within: Places): FolderEntry[] {
  const entries = listed(folder, within, (place) => readdirSync(place, { withFileTypes: true })) ?? [];
  return entries.map((entry) => {
    const isLink = entry.isSymbolicLink();
    const isFolder = isLink ? leadsToFolder(join(folder, entry.name), within) : entry.isDirectory();
    return { name: entry.name, isLink, isFolder };
  });
}

function leadsToFolder(path: string, within: Places): boolean {
  if (!isConfined(path, within)) return false;
  return lstatSync(confinedPath(path, within), { throwIfNoEntry: false })?.isDirectory() === true;
}

function inChecked<Result>(realPath: string, work: (place: string) => Result): Result {
  try {
    return inFolder(realPath, work);
  } catch (error) {
    throw error instanceof FolderMovedError ? folderChanged(realPath, error) : error;
  }
}
