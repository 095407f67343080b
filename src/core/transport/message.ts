import { Reader } from "protobufjs/minimal";

/** The bytes of a message's field number 1, as the small requests of BuildKit's services have it; empty if it is not set. */
export function firstBytes(message: Uint8Array): Uint8Array {
  const reader = new Reader(message);
  let bytes: Uint8Array = new Uint8Array();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) bytes = reader.bytes();
    else reader.skipType(tag & 7);
  }
  return bytes;
}

/** The same as text. */
export function firstText(message: Uint8Array): string {
  return Buffer.from(firstBytes(message)).toString("utf8");
}
