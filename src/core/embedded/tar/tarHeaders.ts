/** Type of a tar's member. */
type TarKind = "file" | "link" | "symlink" | "character" | "block" | "directory" | "fifo";

/** A member of a tar. */
export interface TarHeader {
  readonly kind: TarKind;
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  readonly sizeBytes: number;
  /** Target of a link. */
  readonly target?: string;
  readonly device: { readonly major: number; readonly minor: number };
  readonly xattrs?: ReadonlyMap<string, Buffer>;
}

/** Says what comes before a member and belongs to it: PAX records, and long names of GNU's tar. */
export interface MemberExtras {
  readonly records: ReadonlyMap<string, Buffer>;
  readonly longName?: string;
  readonly longTarget?: string;
}

/** Reports a tar that cannot be read. */
export class TarError extends Error {}

const kinds: Readonly<Record<string, TarKind>> = {
  "\0": "file",
  "0": "file",
  "7": "file",
  "1": "link",
  "2": "symlink",
  "3": "character",
  "4": "block",
  "5": "directory",
  "6": "fifo",
};
/** Linux opens no longer ones. */
const longestPath = 4_096;
const xattrPrefix = "SCHILY.xattr.";

/** Files that map names to users and groups: they are kept, so that names are found without reading the tar again. */
const keptNames = new Set(["passwd", "group"]);
const maxKeptBytes = 1024 * 1024;

/** Whether a listing of a tar contains the bytes of a member. */
export function isListedWhole({ kind, path, sizeBytes }: TarHeader): boolean {
  return kind === "file" && sizeBytes <= maxKeptBytes && keptNames.has(path.slice(path.lastIndexOf("/") + 1));
}

/** Returns the type of the member that a block describes, as it is written there. */
export function typeOf(block: Buffer): string {
  return String.fromCharCode(block[156] ?? 0);
}

/** Returns the size that a block tells. @throws TarError */
export function sizeOf(block: Buffer): number {
  return numberAt(block, 124, 12);
}

/** Whether a block's checksum is that of its bytes; those of old tars were of signed bytes. */
export function isHeader(block: Buffer): boolean {
  let [sum, signed] = [0, 0];
  for (let i = 0; i < 512; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const told = numberAt(block, 148, 8);
  return told === sum || told === signed;
}

/** Reads a member. @throws TarError */
export function headerOf(block: Buffer, { records, longName, longTarget }: MemberExtras): TarHeader {
  const text = (name: string): string | undefined => records.get(name)?.toString("utf8");
  const isUstar = block.toString("latin1", 257, 262) === "ustar";
  const isGnu = block.toString("latin1", 257, 265) === "ustar  \0";
  const prefix = isUstar && !isGnu ? textAt(block, 345, 155) : "";
  const plainName = textAt(block, 0, 100);
  const path = text("path") ?? longName ?? (prefix === "" ? plainName : `${prefix}/${plainName}`);
  const target = text("linkpath") ?? longTarget ?? textAt(block, 157, 100);
  if (path.length > longestPath || target.length > longestPath) throw new TarError("has a path that is too long");
  const type = typeOf(block);
  const kind = type === "0" || type === "\0" ? (path.endsWith("/") ? "directory" : "file") : kinds[type];
  if (!kind) throw new TarError(`has a member of the unknown type "${type}"`);
  const number = (name: string, at: number, length: number): number => {
    const told = text(name);
    const value = told === undefined ? numberAt(block, at, length) : Number(told);
    if (!Number.isFinite(value)) throw new TarError(`has an invalid number for "${name}"`);
    return value;
  };
  const xattrs = new Map(
    [...records].flatMap(([name, value]) =>
      name.startsWith(xattrPrefix) ? [[name.slice(xattrPrefix.length), value] as const] : [],
    ),
  );
  return {
    kind,
    path,
    mode: numberAt(block, 100, 8) & 0o7777,
    uid: number("uid", 108, 8),
    gid: number("gid", 116, 8),
    mtime: Math.floor(number("mtime", 136, 12)),
    sizeBytes: kind === "file" ? number("size", 124, 12) : 0,
    target,
    device: isUstar ? { major: numberAt(block, 329, 8), minor: numberAt(block, 337, 8) } : { major: 0, minor: 0 },
    ...(xattrs.size > 0 && { xattrs }),
  };
}

/** Reads PAX records: each begins with its own length. @throws TarError */
export function readRecords(bytes: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString("latin1", at, space));
    const end = at + length;
    const equals = bytes.indexOf(0x3d, space);
    if (!(length > 0) || end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a)
      throw new TarError("has an invalid PAX record");
    records.set(bytes.toString("utf8", space + 1, equals), Buffer.from(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
}

/** Returns a text that a zero ends. */
export function textAt(block: Buffer, at: number, length: number): string {
  const end = block.indexOf(0, at);
  return block.toString("utf8", at, end < 0 ? at + length : Math.min(end, at + length));
}

/** Octal digits, or after a high bit a number in bytes, as GNU's tar writes large ones. */
function numberAt(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if ((first & 0x80) === 0) {
    const digits = textAt(block, at, length).trim();
    if (digits === "") return 0;
    if (!/^[0-7]+$/.test(digits)) throw new TarError("has an invalid number");
    return Number.parseInt(digits, 8);
  }
  let value = (first & 0x40) === 0 ? first & 0x3f : (first & 0x7f) - 0x80;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] ?? 0);
  if (!Number.isSafeInteger(value)) throw new TarError("has a number that is too large");
  return value;
}
