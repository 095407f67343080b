import { closeSync } from "node:fs";
import type { ContextEntry } from "./contextEntry";
import { ContentCheck } from "./contentCheck";
import { fileShorter, openListed, readListed } from "./listedFile";
import { paddingBytes, tarEnd, tarHeader } from "./tarHeader";

const chunkBytes = 1024 * 1024;
const padding = Buffer.alloc(512);

/**
 * Packs entries into a tar and gives it out in chunks of 1 MiB, each of which is its receiver's to keep.
 *
 * A file that has grown since it was listed is cut where it ended then, and `onGrown` told; one that is shorter or has
 * gone is an error. So is one that was hashed and has other bytes.
 *
 * `tar-stream` is left: it writes times in whole seconds, and passes each chunk of each file through a stream.
 */
export class TarPacker {
  /** Contains only bytes of the archive, except for one extra byte that detects a file that has grown. */
  #chunk = Buffer.allocUnsafe(chunkBytes + 1);
  #used = 0;
  #total = 0;
  #files = 0;

  constructor(
    private readonly mtimeOf: (entry: ContextEntry) => number,
    private readonly onGrown: (path: string) => void,
  ) {}

  /** Number of bytes packed so far. */
  get totalBytes(): number {
    return this.#total;
  }

  /** Number of members that are not folders. */
  get files(): number {
    return this.#files;
  }

  /** Packs an entry. @throws ImageBuilderError `contextChanged`, `contextUnreadable` */
  *add(entry: ContextEntry): Generator<Buffer> {
    yield* this.#append(tarHeader(entry, this.mtimeOf(entry)));
    if (typeof entry.content === "string") yield* this.#appendFile(entry, entry.content);
    else if (entry.content) yield* this.#append(entry.content);
    yield* this.#append(padding.subarray(0, paddingBytes(entry.sizeBytes)));
    if (entry.kind !== "directory") this.#files++;
  }

  /** Ends the archive and yields the rest. */
  *end(): Generator<Buffer> {
    yield* this.#append(tarEnd);
    if (this.#used > 0) yield this.#take();
  }

  *#append(bytes: Buffer): Generator<Buffer> {
    for (let offset = 0; offset < bytes.length;) {
      if (this.#used === chunkBytes) yield this.#take();
      const count = bytes.copy(this.#chunk, this.#used, offset, offset + chunkBytes - this.#used);
      this.#used += count;
      offset += count;
    }
    this.#total += bytes.length;
  }

  *#appendFile(entry: ContextEntry, file: string): Generator<Buffer> {
    if (entry.sizeBytes === 0) return;
    const fd = openListed(entry, file);
    const check = entry.stamp && new ContentCheck(entry.path, entry.stamp);
    try {
      for (let left = entry.sizeBytes; left > 0;) {
        if (this.#used === chunkBytes) yield this.#take();
        const room = chunkBytes - this.#used;
        const count = readListed(entry, fd, this.#chunk, this.#used, left <= room ? left + 1 : room);
        if (count === 0) throw fileShorter(entry, left);
        const taken = Math.min(count, left);
        check?.update(this.#chunk.subarray(this.#used, this.#used + taken));
        if (taken === left) check?.finish(count > left);
        if (count > left) this.onGrown(entry.path);
        this.#used += taken;
        left -= taken;
      }
    } finally {
      closeSync(fd);
    }
    this.#total += entry.sizeBytes;
  }

  #take(): Buffer {
    const chunk = this.#chunk.subarray(0, this.#used);
    this.#chunk = Buffer.allocUnsafe(chunkBytes + 1);
    this.#used = 0;
    return chunk;
  }
}
