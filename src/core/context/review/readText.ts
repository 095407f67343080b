import { closeSync, readSync } from "node:fs";
import type { ContextEntry } from "../files/contextEntry";
import { openListed } from "../files/listedFile";

/** Number of bytes that are checked for NUL, which text doesn't contain; the same as in Git. */
const looked = 8000;

/** Text of a file to search; `binary` if it is not text, `unreadable` if it can't be read or is too large. */
export type TextOrReason = { readonly text: string; readonly bytes: number } | "binary" | "unreadable";

/** Listed file or bytes to read. */
export type ReadableEntry = Pick<ContextEntry, "path" | "content" | "realPath" | "dev" | "ino" | "folder">;

/**
 * Reads a listed file, or takes its bytes, as Latin-1, because only ASCII is searched for; UTF-16 with a byte order
 * mark is decoded.
 *
 * @param buffer buffer for the file's bytes; a file that doesn't fit is not read
 */
export function readText(entry: ReadableEntry, buffer: Buffer): TextOrReason {
  const { content } = entry;
  const bytes = typeof content === "string" ? readBytes(entry, content, buffer) : content;
  if (!bytes) return "unreadable";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { text: bytes.toString("utf16le"), bytes: bytes.length };
  return bytes.subarray(0, looked).includes(0) ? "binary" : { text: bytes.toString("latin1"), bytes: bytes.length };
}

/** Returns undefined for a file that can't be read; the build itself reports the reason. */
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
