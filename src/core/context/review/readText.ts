import { closeSync, readSync } from "node:fs";
import type { ContextEntry } from "../files/contextEntry";
import { openListed } from "../files/listedFile";

/** How far git, too, looks for the NUL that text has none of. */
const looked = 8000;

/**
 * A file's text as far as it is to be searched; `binary` for what is none, `unreadable` for what cannot or need not be
 * read.
 */
export type TextOrReason = { readonly text: string; readonly bytes: number } | "binary" | "unreadable";

/** A file as it was listed. */
export type ReadableEntry = Pick<ContextEntry, "path" | "content" | "realPath" | "dev" | "ino" | "folder">;

/**
 * Reads a listed file, or takes its bytes, as Latin-1: what is searched for is ASCII.
 *
 * @param buffer for the file's bytes; a file that does not fit is not read
 */
export function readText(entry: ReadableEntry, buffer: Buffer): TextOrReason {
  const { content } = entry;
  const bytes = typeof content === "string" ? readBytes(entry, content, buffer) : content;
  if (!bytes) return "unreadable";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString("utf16le"), bytes: bytes.length };
  return bytes.subarray(0, looked).includes(0) ? "binary" : { text: bytes.toString("latin1"), bytes: bytes.length };
}

/** The build itself tells what is wrong with a file that cannot be read. */
function readBytes(entry: ReadableEntry, file: string, buffer: Buffer): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openListed(entry, file);
    const start = readSync(descriptor, buffer, 0, Math.min(looked, buffer.length), 0);
    if (start < looked || buffer.subarray(0, start).includes(0)) return buffer.subarray(0, start);
    const end = start + readSync(descriptor, buffer, start, buffer.length - start, start);
    return end === buffer.length ? undefined : buffer.subarray(0, end);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
