import { Reader } from "protobufjs/minimal";

/**
 * The bytes of a message's field number 1, as the small requests of BuildKit's services have it; empty if it is not
 * set.
 */
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

/** The values of a field that holds bytes, texts or messages, as often as it is repeated. */
export function repeatedBytes(message: Uint8Array, field: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new Reader(message);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === field * 8 + 2) found.push(reader.bytes());
    else reader.skipType(tag & 7);
  }
  return found;
}
