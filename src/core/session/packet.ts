import type { ContextEntry } from "../context/files/contextEntry";
import { microsecondsOf } from "../context/files/modificationTime";
import { encodeMessage } from "../transport/message";
import { Packet, Packet_PacketType } from "../transport/proto/wire.pb";

/** The kinds of `fsutil.types.Packet`. */
export const packetType = {
  stat: Packet_PacketType.PACKET_STAT,
  request: Packet_PacketType.PACKET_REQ,
  data: Packet_PacketType.PACKET_DATA,
  finish: Packet_PacketType.PACKET_FIN,
  error: Packet_PacketType.PACKET_ERR,
} as const;

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

/** FIN, or ERR with its message. */
export function encodeEnd(errorMessage?: string): Uint8Array {
  if (errorMessage === undefined) return encodePacket({ type: packetType.finish });
  return encodePacket({ type: packetType.error, data: Buffer.from(errorMessage) });
}

/** REQ for the content of a file by its number. */
export function encodeRequest(id: number): Uint8Array {
  return encodePacket({ type: packetType.request, ID: id });
}

function encodePacket(packet: Partial<Packet> & Pick<Packet, "type">): Uint8Array {
  return encodeMessage(Packet, { stat: undefined, ID: 0, data: new Uint8Array(), ...packet });
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
