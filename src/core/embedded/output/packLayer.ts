import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { NewLayer } from "../run/layerEntries";
import { layerTar } from "./layerTar";
import { Spool } from "./spool";

/** A layer, packed in a temporary file. */
export interface PackedLayer {
  /** Of the packed bytes. */
  readonly digest: string;
  /** Of the tar. */
  readonly diffId: string;
  readonly sizeBytes: number;
  readonly open: () => AsyncIterable<Buffer>;
  /** Makes the bytes ready, which may take long; `open` does so, too. Undefined if they are. */
  readonly prepare?: () => Promise<void>;
}

/** Options for packing layers. */
export interface PackOptions {
  /** For temporary files; nothing else is in it. */
  readonly folder: string;
  /** 1 is fast, 9 is small. */
  readonly level: number;
  readonly signal: AbortSignal;
}

const unknownSystem = 255;

/** Packs a layer; equal layers give equal bytes on every system. @throws what reading the files throws */
export async function packLayer(
  { entries }: NewLayer,
  name: string,
  { folder, level, signal }: PackOptions,
): Promise<PackedLayer> {
  const spool = await Spool.of(entries, folder, signal);
  const file = join(folder, name);
  const output = await open(file, "wx", 0o600);
  try {
    const [tarHash, packedHash] = [createHash("sha256"), createHash("sha256")];
    const tar = counted(layerTar(entries, spool?.read ?? (() => undefined), signal), tarHash);
    let sizeBytes = 0;
    for await (const chunk of gzip(tar, level)) {
      // The header names the system it was made on.
      if (sizeBytes === 0) chunk[9] = unknownSystem;
      packedHash.update(chunk);
      await output.write(chunk);
      sizeBytes += chunk.length;
    }
    return {
      digest: `sha256:${packedHash.digest("hex")}`,
      diffId: `sha256:${tarHash.digest("hex")}`,
      sizeBytes,
      open: () => createReadStream(file, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>,
    };
  } finally {
    await output.close();
    await spool?.close();
  }
}

async function* counted(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* gzip(chunks: AsyncIterable<Buffer>, level: number): AsyncGenerator<Buffer> {
  const input = Readable.from(chunks, { objectMode: false });
  const output = createGzip({ level, chunkSize: 256 * 1024 });
  input.on("error", (error) => output.destroy(error));
  input.pipe(output);
  try {
    for await (const chunk of output) yield chunk as Buffer;
  } finally {
    input.destroy();
    output.destroy();
  }
}
