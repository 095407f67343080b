import type { ContextEntry } from "./contextEntry";
import { microsecondsOf } from "./modificationTime";
import { withoutEnd } from "../../base/trimText";

const blockBytes = 512;
const largestOctal12 = 8 ** 11 - 1;
const typeFlags: Readonly<Record<ContextEntry["kind"], string>> = {
  file: "0",
  symlink: "2",
  directory: "5",
  fifo: "6",
};

const hardLinkFlag = "1";

/** Two empty blocks, which end a tar archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/** Returns the number of bytes that fill up the last block of a member's content. */
export function paddingBytes(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

/**
 * Returns the ustar header of a tar member, owner 0:0. Values that ustar can't represent precede it as PAX records.
 *
 * @param mtimeMs milliseconds since 1970, stored to the microsecond
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
export function tarHeader(entry: ContextEntry, mtimeMs: number): Buffer {
  const name = entry.kind === "directory" ? `${entry.path}/` : entry.path;
  const microseconds = microsecondsOf(mtimeMs);
  const seconds = Math.floor(microseconds / 1e6);
  const timeFits = microseconds === seconds * 1e6 && seconds >= 0 && seconds <= largestOctal12;
  const records = [
    fitsUstar(name) ? "" : paxRecord("path", name),
    entry.linkTarget === undefined || fitsUstar(entry.linkTarget) ? "" : paxRecord("linkpath", entry.linkTarget),
    entry.sizeBytes <= largestOctal12 ? "" : paxRecord("size", String(entry.sizeBytes)),
    timeFits ? "" : paxRecord("mtime", decimalSeconds(microseconds)),
  ].join("");
  const member = block({
    name,
    mode: entry.mode,
    size: Math.min(entry.sizeBytes, largestOctal12),
    mtime: Math.min(Math.max(seconds, 0), largestOctal12),
    typeFlag: entry.kind === "file" && entry.linkTarget !== undefined ? hardLinkFlag : typeFlags[entry.kind],
    linkName: entry.linkTarget ?? "",
  });
  if (records === "") return member;
  const body = Buffer.from(records);
  const head = block({ name: "PaxHeader", mode: 0o644, size: body.length, mtime: 0, typeFlag: "x", linkName: "" });
  return Buffer.concat([head, body, Buffer.alloc(paddingBytes(body.length)), member]);
}

interface BlockFields {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  readonly typeFlag: string;
  readonly linkName: string;
}

function block({ name, mode, size, mtime, typeFlag, linkName }: BlockFields): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write(asciiName(name), 0, 100, "latin1");
  header.write(octal(mode, 7), 100, "latin1");
  header.write(octal(0, 7), 108, "latin1");
  header.write(octal(0, 7), 116, "latin1");
  header.write(octal(size, 11), 124, "latin1");
  header.write(octal(mtime, 11), 136, "latin1");
  header.write("        ", 148, "latin1");
  header.write(typeFlag, 156, "latin1");
  header.write(asciiName(linkName), 157, 100, "latin1");
  header.write("ustar\0" + "00", 257, "latin1");
  let sum = 0;
  for (let i = 0; i < blockBytes; i++) sum += header[i] ?? 0;
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

function fitsUstar(name: string): boolean {
  return name.length <= 100 && /^[\0-\x7f]*$/.test(name);
}

/** Returns an ASCII name for readers without PAX support; the real name is in the PAX record. */
function asciiName(name: string): string {
  const ascii = name.replace(/[^\0-\x7f]/gu, "_");
  return ascii.length > 100 && ascii.endsWith("/") ? `${ascii.slice(0, 99)}/` : ascii;
}

/** Returns a PAX record. It begins with its own length in bytes, which includes the digits of the length. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function decimalSeconds(microseconds: number): string {
  const digits = String(Math.abs(microseconds)).padStart(7, "0");
  const fraction = withoutEnd(digits.slice(-6), "0");
  return `${microseconds < 0 ? "-" : ""}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
}
