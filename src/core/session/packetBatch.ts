import type { ContextEntry } from "../context/files/contextEntry";
import { frameHeadBytes } from "../transport/grpc";
import { goModeOf, nanosecondsOf, packetType } from "./packet";

/** Size in bytes from which a batch is written. */
const fullBytes = 256 * 1024;
const initialBytes = fullBytes + 192 * 1024;
const twoToThe32 = 2 ** 32;

/** Field tags of `fsutil.types.Packet` and `fsutil.types.Stat`. */
const packetTags = { type: 8, stat: 18, id: 24, data: 34 } as const;
const statTags = { path: 10, mode: 16, size: 40, modTime: 48, linkname: 58 } as const;

/**
 * Encodes framed packets for the daemon one after the other into one buffer, so that a list of 100,000 entries creates
 * no garbage per entry.
 *
 * The generated code of `wire.proto` and `@bufbuild/protobuf` are not used here: they allocate objects and a buffer for
 * each entry, and copy the content of each file once more.
 */
export class PacketBatch {
  #bytes: Buffer | undefined;
  /** Buffer of an earlier batch that may be filled again. */
  #spare: Buffer | undefined;
  #end = 0;

  get isEmpty(): boolean {
    return this.#end === 0;
  }

  /** Whether the batch should be written before more is added. */
  get isFull(): boolean {
    return this.#end >= fullBytes;
  }

  /** Adds a STAT packet; without an entry, the one that ends the list. Owner and group stay 0, as in the docker CLI. */
  addStat(entry?: ContextEntry): void {
    if (!entry) {
      this.#beginFrame(2);
      this.#type(packetType.stat);
      return;
    }
    const { path, linkTarget, sizeBytes } = entry;
    const [mode, time] = [goModeOf(entry), nanosecondsOf(entry)];
    const [pathBytes, linkBytes] = [
      Buffer.byteLength(path),
      linkTarget === undefined ? 0 : Buffer.byteLength(linkTarget),
    ];
    const statBytes =
      1 +
      lengthOf(pathBytes) +
      pathBytes +
      1 +
      lengthOf(mode) +
      (sizeBytes > 0 ? 1 + lengthOf(sizeBytes) : 0) +
      1 +
      lengthOf(time) +
      (linkTarget === undefined ? 0 : 1 + lengthOf(linkBytes) + linkBytes);
    this.#beginFrame(2 + 1 + lengthOf(statBytes) + statBytes);
    this.#type(packetType.stat);
    this.#field(packetTags.stat, statBytes);
    this.#text(statTags.path, path, pathBytes);
    this.#field(statTags.mode, mode);
    if (sizeBytes > 0) this.#field(statTags.size, sizeBytes);
    this.#field(statTags.modTime, time);
    if (linkTarget !== undefined) this.#text(statTags.linkname, linkTarget, linkBytes);
  }

  /**
   * Adds a DATA packet of file number `id`; an empty one ends the file. Returns the buffer for its bytes, with room for
   * one more that is not sent.
   */
  addData(id: number, length: number): Buffer {
    this.#beginFrame(2 + 1 + lengthOf(id) + 1 + lengthOf(length) + length);
    this.#type(packetType.data);
    this.#field(packetTags.id, id);
    this.#field(packetTags.data, length);
    const start = this.#end;
    this.#end += length;
    return this.#buffer(1).subarray(start, this.#end + 1);
  }

  /** Returns everything that was added, and empties the batch. */
  take(): Buffer {
    const taken = this.#buffer(0).subarray(0, this.#end);
    this.#bytes = undefined;
    this.#end = 0;
    return taken;
  }

  /**
   * Takes back bytes that `take` returned and that nobody reads anymore: memory that is new for each batch costs more
   * time than the reading of files.
   */
  reuse({ buffer }: Buffer): void {
    if (buffer.byteLength === initialBytes) this.#spare = Buffer.from(buffer);
  }

  #beginFrame(length: number): void {
    const bytes = this.#buffer(frameHeadBytes + length);
    bytes[this.#end] = 0;
    bytes.writeUInt32BE(length, this.#end + 1);
    this.#end += frameHeadBytes;
  }

  /** Returns the buffer, with room for at least `more` bytes. */
  #buffer(more: number): Buffer {
    if (!this.#bytes) {
      this.#bytes = this.#spare ?? Buffer.allocUnsafeSlow(initialBytes);
      this.#spare = undefined;
    }
    const bytes = this.#bytes;
    if (this.#end + more <= bytes.length) return bytes;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#end + more));
    bytes.copy(larger, 0, 0, this.#end);
    return (this.#bytes = larger);
  }

  #type(type: number): void {
    this.#field(packetTags.type, type);
  }

  #field(tag: number, value: number): void {
    const bytes = this.#buffer(0);
    bytes[this.#end++] = tag;
    // Negative numbers are encoded as 64 bits in two's complement.
    let low = value >>> 0;
    let high = Math.floor(value / twoToThe32) >>> 0;
    while (high > 0 || low > 0x7f) {
      bytes[this.#end++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    bytes[this.#end++] = low;
  }

  #text(tag: number, text: string, length: number): void {
    this.#field(tag, length);
    this.#buffer(0).write(text, this.#end);
    this.#end += length;
  }
}

/** Returns the number of bytes of a number's varint. */
function lengthOf(value: number): number {
  if (value < 0) return 10;
  let length = 1;
  for (let rest = value; rest >= 0x80; rest /= 0x80) length++;
  return length;
}
