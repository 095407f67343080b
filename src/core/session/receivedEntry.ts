import { Reader } from "protobufjs/minimal";
import { goMode, packetType } from "./packet";

/** Something of an exported folder, as the daemon tells it. */
export interface ReceivedEntry {
  /** As the daemon wrote it: not to be trusted. */
  path: string;
  kind: "file" | "directory" | "symlink" | "other";
  /** 0–0o7777. */
  mode: number;
  mtimeMs: number;
  /** What a symlink points at; for a file, the path of the one before that it is a hard link to. */
  linkTarget: string;
}

/** A packet of an exported folder: an entry of its list, the list's end, or bytes of a file. */
export interface ReceivedPacket {
  type: number;
  id: number;
  data: Uint8Array;
  entry?: ReceivedEntry;
}

/** @see https://github.com/tonistiigi/fsutil/blob/master/types/wire.proto */
export function decodeReceived(bytes: Uint8Array): ReceivedPacket {
  const reader = new Reader(bytes);
  const packet: ReceivedPacket = { type: packetType.stat, id: 0, data: new Uint8Array() };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) packet.type = reader.int32();
    else if (tag >>> 3 === 2) packet.entry = decodeEntry(reader.bytes());
    else if (tag >>> 3 === 3) packet.id = reader.uint32();
    else if (tag >>> 3 === 4) packet.data = reader.bytes();
    else reader.skipType(tag & 7);
  }
  return packet;
}

function decodeEntry(bytes: Uint8Array): ReceivedEntry {
  const reader = new Reader(bytes);
  const entry: ReceivedEntry = { path: "", kind: "file", mode: 0, mtimeMs: 0, linkTarget: "" };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) entry.path = reader.string();
    else if (tag >>> 3 === 2) setMode(entry, reader.uint32());
    else if (tag >>> 3 === 6) entry.mtimeMs = Number(reader.int64()) / 1e6;
    else if (tag >>> 3 === 7) entry.linkTarget = reader.string();
    else reader.skipType(tag & 7);
  }
  return entry;
}

function setMode(entry: ReceivedEntry, mode: number): void {
  const has = (bits: number): boolean => (mode & bits) !== 0;
  entry.kind = has(goMode.directory)
    ? "directory"
    : has(goMode.symlink)
      ? "symlink"
      : has(goMode.type)
        ? "other"
        : "file";
  entry.mode =
    (mode & 0o777) |
    (has(goMode.setuid) ? 0o4000 : 0) |
    (has(goMode.setgid) ? 0o2000 : 0) |
    (has(goMode.sticky) ? 0o1000 : 0);
}
