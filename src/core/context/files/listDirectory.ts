import { isUtf8 } from "node:buffer";
import { opendirSync, readdirSync, type Dirent, type Stats } from "node:fs";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { inFolder } from "./realFolder";

/** Kind of a directory entry. */
export type EntryKind = "file" | "directory" | "symlink" | "fifo" | "socket" | "device";

/** Entry of a directory listing. */
export interface DirectoryItem {
  readonly name: string;
  readonly kind: EntryKind;
  /**
   * Name with `\x..` for each nonprintable or non-ASCII byte; only set if the name is not UTF-8 and can therefore be
   * neither opened nor sent.
   */
  readonly brokenName?: string;
}

/** Number of entries that are read at once. */
const bufferSize = 64;

/**
 * Lists a directory, unsorted and with pauses, because it may be large. Throws the system's errors.
 *
 * @param realPath path where the directory must be, if given; throws FolderMovedError if a link leads elsewhere
 */
export function* listDirectory(directory: string, realPath?: string): Generator<undefined, DirectoryItem[]> {
  const items: DirectoryItem[] = [];
  const at = <Result>(work: (place: string) => Result): Result =>
    realPath === undefined ? work(directory) : inFolder(realPath, work);
  const open = at((place) => opendirSync(place, { bufferSize }));
  try {
    for (let entry = open.readSync(); entry; entry = open.readSync()) {
      items.push({ name: entry.name, kind: kindOf(entry) });
      if (items.length % bufferSize === 0) yield;
    }
  } finally {
    open.closeSync();
  }
  // A name may really contain the replacement character; only its bytes show whether it is valid.
  if (!items.some(({ name }) => name.includes("\ufffd"))) return items;
  const broken = at(brokenNames);
  return items.map((item) => ({ ...item, brokenName: broken.get(item.name) }));
}

/** Returns the error for a directory that can't be read. */
export function directoryUnreadable(directory: string, cause: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `Can't read the folder "${directory}" in the build context (${messageOf(cause)}). ` +
      "Change its permissions, or exclude it in .dockerignore.",
    { cause },
  );
}

/** Returns the escaped names that are not UTF-8, by their decoded names. */
function brokenNames(directory: string): Map<string, string> {
  const names = readdirSync(directory, { encoding: "buffer" }).filter((name) => !isUtf8(name));
  return new Map(names.map((name) => [name.toString("utf8"), escaped(name)]));
}

function escaped(name: Buffer): string {
  return name
    .toString("latin1")
    .replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** Returns the kind of an entry. */
export function kindOf(entry: Dirent | Stats): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFIFO()) return "fifo";
  return entry.isSocket() ? "socket" : "device";
}
