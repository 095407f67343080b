import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { readTar } from "../tar/readTar";
import type { LayerEntry } from "../run/layerEntries";
import { sourceChanged } from "../run/readContent";
import type { Content, TarSource } from "../tree/node";

const chunkBytes = 1024 * 1024;

/** A stretch of the file. */
interface Place {
  readonly offset: number;
  readonly sizeBytes: number;
}

/**
 * Keeps files that come out of tars in one temporary file, since a tar can be read only from its beginning: each is
 * gone through once for a layer, however many of its files that takes.
 */
export class Spool {
  readonly #places = new Map<TarSource, Map<number, Place>>();

  private constructor(private readonly handle: FileHandle) {}

  /** Fetches the files of a layer that are in tars; undefined where none is. Close it after use. */
  static async of(entries: readonly LayerEntry[], folder: string, signal: AbortSignal): Promise<Spool | undefined> {
    const wanted = new Map<TarSource, Set<number>>();
    for (const { node } of entries) {
      if (node?.kind === "directory" || node?.content?.kind !== "member") continue;
      const { source, index } = node.content;
      const known = wanted.get(source) ?? new Set();
      wanted.set(source, known.add(index));
    }
    if (wanted.size === 0) return undefined;
    const spool = new Spool(await open(join(folder, "spool"), "w+", 0o600));
    try {
      let end = 0;
      for (const [source, indexes] of wanted) end = await spool.#fetch(source, indexes, end, signal);
      return spool;
    } catch (error) {
      await spool.close();
      throw error;
    }
  }

  /** The bytes of a file that was fetched; undefined for any other. */
  readonly read = (content: Content): AsyncIterable<Buffer> | undefined => {
    if (content.kind !== "member") return undefined;
    const place = this.#places.get(content.source)?.get(content.index);
    return place && this.#chunks(place);
  };

  async close(): Promise<void> {
    await this.handle.close();
  }

  async #fetch(source: TarSource, indexes: Set<number>, start: number, signal: AbortSignal): Promise<number> {
    const places = new Map<number, Place>();
    this.#places.set(source, places);
    let [index, end] = [-1, start];
    for await (const { content } of readTar(source.open(signal))) {
      if (!indexes.has(++index)) continue;
      const offset = end;
      for await (const chunk of content) {
        await this.handle.write(chunk, 0, chunk.length, end);
        end += chunk.length;
      }
      places.set(index, { offset, sizeBytes: end - offset });
      if (places.size === indexes.size) break;
    }
    if (places.size < indexes.size) throw sourceChanged(source.name);
    return end;
  }

  async *#chunks({ offset, sizeBytes }: Place): AsyncGenerator<Buffer> {
    for (let at = 0; at < sizeBytes;) {
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, sizeBytes - at));
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, offset + at);
      if (bytesRead === 0) throw sourceChanged("of temporary files");
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}
