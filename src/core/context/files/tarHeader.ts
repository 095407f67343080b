import type { ContextEntry } from "./contextEntry";
import { microsecondsOf } from "./modificationTime";
import { withoutEnd } from "../../base/trimText";

const blockBytes = 512;
const largestOctal12 = 8 ** 11 - 1;
const largestOctal7 = 8 ** 7 - 1;
const typeFlags: Readonly<Record<TarEntry["kind"], string>> = {
  file: "0",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
};

const hardLinkFlag = "1";

/** Member of a tar archive; the members of a build context are owned by root. */
export interface TarEntry extends Pick<ContextEntry, "path" | "mode" | "sizeBytes" | "linkTarget"> {
  readonly kind: ContextEntry["kind"] | "character" | "block";
  /** Default is 0. */
  readonly uid?: number;
  /** Default is 0. */
  readonly gid?: number;
  readonly device?: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Buffer>;
}

/** Two empty blocks, which end a tar archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes);

/** Returns the number of bytes that fill up the last block of a member's content. */
export function paddingBytes(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

/**
 * Returns the ustar header of a tar member. Values that ustar can't represent precede it as PAX records.
 *
 * @param mtimeMs milliseconds since 1970, stored to the microsecond
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
export function tarHeader(entry: TarEntry, mtimeMs: number): Buffer {
  const name = entry.kind === "directory" ? `${entry.path}/` : entry.path;
  const microseconds = microsecondsOf(mtimeMs);
  const seconds = Math.floor(microseconds / 1e6);
  const timeFits = microseconds === seconds * 1e6 && seconds >= 0 && seconds <= largestOctal12;
  const { uid = 0, gid = 0, device, xattrs = new Map<string, Buffer>() } = entry;
  const body = Buffer.concat([
    ...(fitsUstar(name) ? [] : [paxRecord("path", name)]),
    ...(entry.linkTarget === undefined || fitsUstar(entry.linkTarget) ? [] : [paxRecord("linkpath", entry.linkTarget)]),
    ...(entry.sizeBytes <= largestOctal12 ? [] : [paxRecord("size", String(entry.sizeBytes))]),
    ...(timeFits ? [] : [paxRecord("mtime", decimalSeconds(microseconds))]),
    ...(uid <= largestOctal7 ? [] : [paxRecord("uid", String(uid))]),
    ...(gid <= largestOctal7 ? [] : [paxRecord("gid", String(gid))]),
    ...[...xattrs].map(([key, value]) => paxRecord(`SCHILY.xattr.${key}`, value)),
  ]);
  const member = block({
    name,
    mode: entry.mode,
    size: Math.min(entry.sizeBytes, largestOctal12),
    mtime: Math.min(Math.max(seconds, 0), largestOctal12),
    typeFlag: entry.kind === "file" && entry.linkTarget !== undefined ? hardLinkFlag : typeFlags[entry.kind],
    linkName: entry.linkTarget ?? "",
    uid: Math.min(uid, largestOctal7),
    gid: Math.min(gid, largestOctal7),
    device,
  });
  if (body.length === 0) return member;
  const head = block({ ...paxHead, size: body.length });
  return Buffer.concat([head, body, Buffer.alloc(paddingBytes(body.length)), member]);
}

const paxHead = { name: "PaxHeader", mode: 0o644, mtime: 0, typeFlag: "x", linkName: "", uid: 0, gid: 0 };

interface BlockFields {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
  readonly mtime: number;
  readonly typeFlag: string;
  readonly linkName: string;
  readonly uid: number;
  readonly gid: number;
  readonly device?: TarEntry["device"];
}

function block({ name, mode, size, mtime, typeFlag, linkName, uid, gid, device }: BlockFields): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write(asciiName(name), 0, 100, "latin1");
  header.write(octal(mode, 7), 100, "latin1");
  header.write(octal(uid, 7), 108, "latin1");
  header.write(octal(gid, 7), 116, "latin1");
  header.write(octal(size, 11), 124, "latin1");
  header.write(octal(mtime, 11), 136, "latin1");
  header.write("        ", 148, "latin1");
  header.write(typeFlag, 156, "latin1");
  header.write(asciiName(linkName), 157, 100, "latin1");
  header.write("ustar\0" + "00", 257, "latin1");
  if (device) {
    header.write(octal(device.major, 7), 329, "latin1");
    header.write(octal(device.minor, 7), 337, "latin1");
  }
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
function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from("\n")]);
  let length = rest.length + String(rest.length).length;
  if (String(length).length > String(rest.length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function decimalSeconds(microseconds: number): string {
  const digits = String(Math.abs(microseconds)).padStart(7, "0");
  const fraction = withoutEnd(digits.slice(-6), "0");
  return `${microseconds < 0 ? "-" : ""}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
}
