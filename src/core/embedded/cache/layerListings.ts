import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { TarSource } from "../tree/node";
import { applyLayer, applyListing } from "../tree/applyLayer";
import type { FileTree } from "../tree/fileTree";
import type { DiskCache } from "./diskCache";
import { GrowingBuffer } from "./growingBuffer";

/** Headers of some 60,000 files. Layers with more are read each time. */
const maxListingBytes = 64 * 1024 * 1024;
/** Changes with the form of the entries. */
const kind = "listing1";
const [pack, unpack] = [promisify(gzip), promisify(gunzip)];

/**
 * Applies layers of base images, and keeps their headers by the digest of the unpacked layer, so that a layer is
 * downloaded once and not for each build.
 */
export class LayerListings {
  constructor(private readonly cache: DiskCache | undefined) {}

  /**
   * Applies a layer to a tree.
   *
   * @param diffId digest that the unpacked layer must have; a layer that was kept has it
   * @returns the digest of the unpacked layer
   * @throws like `applyLayer`
   */
  async apply(tree: FileTree, source: TarSource, diffId: string, signal: AbortSignal): Promise<string> {
    const known = await this.#read(diffId);
    if (known) {
      await applyListing(tree, source, known, signal);
      return diffId;
    }
    const listing = this.cache && new GrowingBuffer(maxListingBytes);
    const found = await applyLayer(tree, source, signal, (bytes) => listing?.add(bytes));
    const bytes = listing?.bytes();
    if (this.cache && bytes && found === diffId) await this.cache.write(kind, diffId, await pack(bytes, { level: 1 }));
    return found;
  }

  async #read(diffId: string): Promise<Buffer | undefined> {
    const packed = await this.cache?.read(kind, diffId);
    if (!packed) return undefined;
    try {
      return await unpack(packed, { maxOutputLength: maxListingBytes });
    } catch {
      // Gzip has a checksum, so the entry is damaged, and the layer is read again.
      await this.cache?.delete(kind, diffId);
      return undefined;
    }
  }
}
