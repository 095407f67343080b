import { Reader, Writer } from "protobufjs/minimal";
import type { ContextEntry } from "../context/files/contextEntry";
import { microsecondsOf } from "../context/files/modificationTime";

/** The kinds of `fsutil.types.Packet`. */
export const packetType = { stat: 0, request: 1, data: 2, finish: 3, error: 4 } as const;

/** What the daemon sends: a request for a file by its number, the end, or an error in `data`. */
export interface Packet {
  type: number;
  id: number;
  data: Buffer;
}

/** Go's `os.FileMode` bits, which differ from those of stat(2); `type` is all that make something other than a file. */
export const goMode = {
  type: 0x8f280000,
  directory: 2 ** 31,
  symlink: 2 ** 27,
  fifo: 2 ** 25,
  setuid: 2 ** 23,
  setgid: 2 ** 22,
  sticky: 2 ** 20,
};

/** @see https://github.com/tonistiigi/fsutil/blob/master/types/wire.proto */
export function decodePacket(bytes: Uint8Array): Packet {
  const reader = new Reader(bytes);
  const packet: Packet = { type: packetType.stat, id: 0, data: Buffer.alloc(0) };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) packet.type = reader.int32();
    else if (tag >>> 3 === 3) packet.id = reader.uint32();
    else if (tag >>> 3 === 4) packet.data = Buffer.from(reader.bytes());
    else reader.skipType(tag & 7);
  }
  return packet;
}

/** FIN, or ERR with its message. */
export function encodeEnd(errorMessage?: string): Uint8Array {
  if (errorMessage === undefined) return Writer.create().uint32(8).int32(packetType.finish).finish();
  return Writer.create().uint32(8).int32(packetType.error).uint32(34).bytes(Buffer.from(errorMessage)).finish();
}

/** An entry's mode as Go has it. */
export function goModeOf(entry: ContextEntry): number {
  let mode = entry.mode & 0o777;
  if (entry.kind === "directory") mode += goMode.directory;
  if (entry.kind === "symlink") mode += goMode.symlink;
  if (entry.kind === "fifo") mode += goMode.fifo;
  if (entry.mode & 0o4000) mode += goMode.setuid;
  if (entry.mode & 0o2000) mode += goMode.setgid;
  if (entry.mode & 0o1000) mode += goMode.sticky;
  return mode;
}

/** The daemon compares it with the one that it was sent before, so it only has to be the same each time. */
export function nanosecondsOf({ mtimeMs }: ContextEntry): number {
  return microsecondsOf(mtimeMs) * 1000;
}
