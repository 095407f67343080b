import { createHash, type Hash } from "node:crypto";
import { closeSync, fstatSync } from "node:fs";
import type { ServerHttp2Stream } from "node:http2";
import { TimeSlice } from "../base/batches";
import type { ContextEntry } from "../context/files/contextEntry";
import { ContentCheck } from "../context/files/contentCheck";
import { fileShorter, openListed, readListed } from "../context/files/listedFile";
import type { SentFiles } from "../operation/buildTrace";
import { hashLength, offeredFiles, type OfferedFiles } from "../operation/offeredFiles";
import { PacketBatch } from "./packetBatch";

const chunkSizeBytes = 128 * 1024;

/** Sends the files that the daemon requests, in the order of the requests; small files share a write. */
export class FileSender {
  /** Entries by number, which is their index in the list. */
  readonly #entries: ContextEntry[] = [];
  /** Hashes of the contents that were sent, by number. */
  readonly #hashes: string[] = [];
  /** Whether a file was requested, by number. */
  readonly #isAsked: boolean[] = [];
  readonly #packets = new PacketBatch();
  #requested: number[] = [];
  #sent: SentFiles = { files: 0, bytes: 0 };
  #ended = false;
  #wake: () => void = () => {};

  /** @param options whether to hash what is sent */
  constructor(
    private readonly stream: ServerHttp2Stream,
    private readonly options: { readonly hashes: boolean } = { hashes: false },
  ) {}

  /** Adds the next entry of the list. */
  add(entry: ContextEntry): void {
    this.#entries.push(entry);
    this.#isAsked.push(false);
  }

  /** Queues a file by its number; returns false if it was not listed or was already requested. */
  request(id: number): boolean {
    if (this.#isAsked[id] !== false) return false;
    this.#isAsked[id] = true;
    this.#requested.push(id);
    const bytes = this.#entries[id]?.sizeBytes ?? 0;
    this.#sent = { files: this.#sent.files + 1, bytes: this.#sent.bytes + bytes };
    this.#wake();
    return true;
  }

  /** Requested files, with the sizes that were listed. */
  get sent(): SentFiles {
    return this.#sent;
  }

  /** All entries of the list, with the hashes of what was sent; undefined if there are too many. */
  get offered(): OfferedFiles | undefined {
    return offeredFiles(this.#entries, this.#hashes);
  }

  /** Ends the requests; `run` ends after the files that were requested. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /**
   * Sends files until `end` is called.
   *
   * @throws ImageBuilderError `contextChanged` if a file was removed or has become shorter since it was listed,
   * `contextUnreadable` if it can't be read
   */
  async run(): Promise<void> {
    while (!this.#ended || this.#requested.length > 0) {
      if (this.#requested.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const ids = this.#requested;
      this.#requested = [];
      await this.#send(ids);
    }
  }

  async #send(ids: readonly number[]): Promise<void> {
    const packets = this.#packets;
    const slice = new TimeSlice();
    for (const id of ids) {
      for (const { isFull } of this.#addFile(packets, id)) {
        if (!isFull && !slice.isOver) continue;
        await writeBatch(this.stream, packets);
        // The session must answer health checks in the meantime, and the editor key presses.
        if (slice.isOver) await slice.pause(undefined);
      }
    }
    if (!packets.isEmpty) await writeBatch(this.stream, packets);
  }

  /** Adds a file in chunks, and an empty packet that ends it. */
  *#addFile(packets: PacketBatch, id: number): Generator<PacketBatch> {
    const file = this.#entries[id];
    const hash = this.options.hashes ? createHash("sha256") : undefined;
    if (typeof file?.content === "string") yield* addFromDisk(packets, id, file, { path: file.content, hash });
    else if (file?.content) yield* addBytes(packets, id, file.content, hash);
    if (hash) this.#hashes[id] = hash.digest("base64url").slice(0, hashLength);
    packets.addData(id, 0);
    yield packets;
  }
}

/** Writes a batch and waits until the stream accepts more. @throws Error if the stream has closed */
export async function writeBatch(stream: ServerHttp2Stream, packets: PacketBatch): Promise<void> {
  const bytes = packets.take();
  await write(stream, bytes, (error) => {
    if (!error) packets.reuse(bytes);
  });
}

/**
 * Writes bytes and waits until the stream accepts more.
 *
 * @param onWritten called once the stream no longer needs the bytes
 * @throws Error if the stream has closed
 */
export async function write(
  stream: ServerHttp2Stream,
  bytes: Buffer,
  onWritten?: (error?: Error | null) => void,
): Promise<void> {
  if (stream.destroyed || stream.writableEnded) throw new Error("the daemon closed the transfer");
  if (stream.write(bytes, onWritten)) return;
  await new Promise<void>((resolve, reject) => {
    const drained = (): void => {
      stream.off("close", closed);
      resolve();
    };
    const closed = (): void => {
      stream.off("drain", drained);
      reject(new Error("the daemon closed the transfer"));
    };
    stream.once("drain", drained).once("close", closed);
  });
}

function* addBytes(packets: PacketBatch, id: number, bytes: Buffer, hash?: Hash): Generator<PacketBatch> {
  hash?.update(bytes);
  for (let offset = 0; offset < bytes.length; offset += chunkSizeBytes) {
    const chunk = bytes.subarray(offset, offset + chunkSizeBytes);
    packets.addData(id, chunk.length).set(chunk);
    yield packets;
  }
}

/**
 * Adds a file as long as it was listed or, where it has grown, as long as it is now: what was saved meanwhile arrives
 * whole. Of a file that was hashed other bytes fail before its last ones are sent.
 */
function* addFromDisk(
  packets: PacketBatch,
  id: number,
  entry: ContextEntry,
  { path, hash }: { readonly path: string; readonly hash?: Hash },
): Generator<PacketBatch> {
  if (entry.sizeBytes === 0) return;
  const fd = openListed(entry, path);
  const check = entry.stamp && new ContentCheck(entry.path, entry.stamp);
  try {
    let hasGrown = false;
    for (let left = entry.sizeBytes; left > 0;) {
      const length = Math.min(left, chunkSizeBytes);
      const room = packets.addData(id, length);
      const wanted = length < left ? length : room.length;
      for (let filled = 0; filled < length; hasGrown = filled > length) {
        const count = readListed(entry, fd, room, filled, wanted - filled);
        if (count === 0) throw fileShorter(entry, left - filled);
        filled += count;
      }
      check?.update(room.subarray(0, length));
      hash?.update(room.subarray(0, length));
      left -= length;
      if (left === 0) check?.finish(hasGrown);
      yield packets;
    }
    if (hasGrown) yield* addGrowth(packets, id, entry, { fd, hash });
  } finally {
    closeSync(fd);
  }
}

function* addGrowth(
  packets: PacketBatch,
  id: number,
  entry: ContextEntry,
  { fd, hash }: { readonly fd: number; readonly hash?: Hash },
): Generator<PacketBatch> {
  const { size } = fstatSync(fd);
  const chunk = Buffer.allocUnsafe(chunkSizeBytes);
  for (let position = entry.sizeBytes; position < size;) {
    const count = readListed(entry, fd, chunk, 0, Math.min(chunk.length, size - position), position);
    if (count === 0) throw fileShorter(entry, size - position);
    packets.addData(id, count).set(chunk.subarray(0, count));
    hash?.update(chunk.subarray(0, count));
    position += count;
    yield packets;
  }
}
