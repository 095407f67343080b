import { isUtf8 } from "node:buffer";
import { readdirSync, type Dirent } from "node:fs";
import { ImageBuilderError, messageOf } from "../errors";

/** What an entry of a directory is, as far as a build cares. */
export type EntryKind = "file" | "directory" | "symlink" | "fifo" | "socket" | "device";

/** One entry of a directory as its listing tells it. */
export interface DirectoryItem {
  readonly name: string;
  readonly kind: EntryKind;
  /** The name with `\x..` for what is not UTF-8, only where it is not: such a name can neither be opened nor sent. */
  readonly brokenName?: string;
}

/** Lists a directory, unsorted; throws what the system throws. */
export function listDirectory(directory: string): DirectoryItem[] {
  const entries = readdirSync(directory, { withFileTypes: true });
  // The replacement character may be a name's own; only the bytes can tell.
  const broken = entries.some(({ name }) => name.includes("\ufffd")) ? brokenNames(directory) : undefined;
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry), brokenName: broken?.get(entry.name) }));
}

/** The error for a directory that must be read and cannot. */
export function directoryUnreadable(directory: string, cause: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "contextUnreadable",
    `The folder "${directory}" of the build context cannot be read (${messageOf(cause)}): give yourself permission to read it or keep it out by .dockerignore.`,
    { cause },
  );
}

/** By name as it is decoded. */
function brokenNames(directory: string): Map<string, string> {
  const names = readdirSync(directory, { encoding: "buffer" }).filter((name) => !isUtf8(name));
  return new Map(names.map((name) => [name.toString("utf8"), escaped(name)]));
}

function escaped(name: Buffer): string {
  return name.toString("latin1").replace(/[^ -~]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFIFO()) return "fifo";
  return entry.isSocket() ? "socket" : "device";
}
