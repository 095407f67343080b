import { isUtf8 } from "node:buffer";
import { opendirSync, readdirSync, type Dirent, type Stats } from "node:fs";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { inFolder } from "./realFolder";

/** What an entry of a directory is, as far as a build cares. */
export type EntryKind = "file" | "directory" | "symlink" | "fifo" | "socket" | "device";

/** One entry of a directory as its listing tells it. */
export interface DirectoryItem {
  readonly name: string;
  readonly kind: EntryKind;
  /** The name with `\x..` for what is not UTF-8, only where it is not: such a name can neither be opened nor sent. */
  readonly brokenName?: string;
}

/** How many entries are read at once. */
const bufferSize = 64;

/**
 * Lists a directory, unsorted and with pauses, for it may be large; throws what the system throws.
 *
 * @param realPath where it must be, if given; throws FolderMovedError when a link leads elsewhere
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
  // The replacement character may be a name's own; only the bytes can tell.
  if (!items.some(({ name }) => name.includes("\ufffd"))) return items;
  const broken = at(brokenNames);
  return items.map((item) => ({ ...item, brokenName: broken.get(item.name) }));
}

/** The error for a directory that must be read and cannot. */
export function directoryUnreadable(directory: string, cause: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `Can't read the folder "${directory}" in the build context (${messageOf(cause)}). ` +
      "Change its permissions, or exclude it in .dockerignore.",
    { cause },
  );
}

/** By name as it is decoded. */
function brokenNames(directory: string): Map<string, string> {
  const names = readdirSync(directory, { encoding: "buffer" }).filter((name) => !isUtf8(name));
  return new Map(names.map((name) => [name.toString("utf8"), escaped(name)]));
}

function escaped(name: Buffer): string {
  return name
    .toString("latin1")
    .replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/** What an entry is. */
export function kindOf(entry: Dirent | Stats): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFIFO()) return "fifo";
  return entry.isSocket() ? "socket" : "device";
}
