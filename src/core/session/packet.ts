import type { ContextEntry } from "../context/files/contextEntry";
import { microsecondsOf } from "../context/files/modificationTime";
import { encodeMessage } from "../transport/message";
import { Packet, Packet_PacketType } from "../transport/proto/wire.pb";

/** Packet types of `fsutil.types.Packet`. */
export const packetType = {
  stat: Packet_PacketType.PACKET_STAT,
  request: Packet_PacketType.PACKET_REQ,
  data: Packet_PacketType.PACKET_DATA,
  finish: Packet_PacketType.PACKET_FIN,
  error: Packet_PacketType.PACKET_ERR,
} as const;

/**
 * Bits of Go's `os.FileMode`, which differ from those of stat(2); `type` contains all bits of entries that are not
 * regular files.
 */
export const goMode = {
  type: 0x8f280000,
  directory: 2 ** 31,
  symlink: 2 ** 27,
  fifo: 2 ** 25,
  setuid: 2 ** 23,
  setgid: 2 ** 22,
  sticky: 2 ** 20,
};

/** Encodes a FIN packet, or an ERR packet with its message. */
export function encodeEnd(errorMessage?: string): Uint8Array {
  if (errorMessage === undefined) return encodePacket({ type: packetType.finish });
  return encodePacket({ type: packetType.error, data: Buffer.from(errorMessage) });
}

/** Encodes a REQ packet for the content of a file, by its number. */
export function encodeRequest(id: number): Uint8Array {
  return encodePacket({ type: packetType.request, ID: id });
}

function encodePacket(packet: Partial<Packet> & Pick<Packet, "type">): Uint8Array {
  return encodeMessage(Packet, { stat: undefined, ID: 0, data: new Uint8Array(), ...packet });
}

/** Returns an entry's mode as Go's `os.FileMode`. */
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

/**
 * Returns the modification time in nanoseconds. The daemon compares it with the previous one, so it only has to be the
 * same each time.
 */
export function nanosecondsOf({ mtimeMs }: ContextEntry): number {
  return microsecondsOf(mtimeMs) * 1000;
}
