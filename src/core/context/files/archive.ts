import type { Writable } from "node:stream";
import { createGzip } from "node:zlib";
import { TimeSlice } from "../../base/batches";
import { ChunkSink } from "./chunkSink";
import type { ContextEntry } from "./contextEntry";
import type { TarPacker } from "./tarPacker";

/** Options for writing an archive to a stream. */
export interface ArchiveTransport {
  readonly gzip: boolean;
  readonly signal?: AbortSignal;
  /** Receives the total number of bytes written so far. */
  readonly onBytes?: (bytes: number) => void;
}

type WriteChunk = (chunk: Buffer) => Promise<void>;

/**
 * Level 1 already compresses source code to about a third; higher levels gain little and take up to five times as long.
 */
const gzipLevel = 1;
const gzipChunkBytes = 256 * 1024;

/**
 * Writes entries as a tar archive, optionally compressed with gzip. Resolves when `output` has accepted everything; the
 * caller ends `output`.
 *
 * @returns number of bytes written to `output`
 * @throws errors of the entries, the packer, and `output`, and the signal's reason
 */
export async function writeTar(
  entries: AsyncIterable<readonly ContextEntry[]>,
  packer: TarPacker,
  output: Writable,
  { gzip, signal, onBytes }: ArchiveTransport,
): Promise<number> {
  const sink = new ChunkSink(output, signal);
  let bytes = 0;
  const write = async (chunk: Buffer): Promise<void> => {
    await sink.write(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  };
  try {
    if (gzip) await compress((writeTarChunk) => pack(entries, packer, writeTarChunk, signal), write, signal);
    else await pack(entries, packer, write, signal);
    await sink.finish();
    return bytes;
  } finally {
    sink.release();
  }
}

async function pack(
  entries: AsyncIterable<readonly ContextEntry[]>,
  packer: TarPacker,
  write: WriteChunk,
  signal: AbortSignal | undefined,
): Promise<void> {
  const slice = new TimeSlice();
  for await (const batch of entries) {
    for (const entry of batch) {
      for (const chunk of packer.add(entry)) {
        await write(chunk);
        if (slice.isOver) await slice.pause(signal);
      }
      if (slice.isOver) await slice.pause(signal);
    }
  }
  for (const chunk of packer.end()) await write(chunk);
}

async function compress(
  produce: (write: WriteChunk) => Promise<void>,
  write: WriteChunk,
  signal: AbortSignal | undefined,
): Promise<void> {
  const gzip = createGzip({ level: gzipLevel, chunkSize: gzipChunkBytes });
  const input = new ChunkSink(gzip, signal);
  const produced = produce((chunk) => input.write(chunk)).then(async () => {
    await input.finish();
    gzip.end();
  });
  try {
    await Promise.all([produced, drain(gzip, write)]);
  } catch (error) {
    gzip.destroy();
    // It ends immediately, because its stream is closed, and closes the file it was reading.
    await produced.catch(() => {});
    throw error;
  } finally {
    input.release();
  }
}

async function drain(gzip: AsyncIterable<Buffer>, write: WriteChunk): Promise<void> {
  let atHeader = true;
  for await (const chunk of gzip) {
    // The gzip header names the operating system, which must not make equal archives differ; 255 is "unknown".
    if (atHeader) chunk[9] = 255;
    atHeader = false;
    await write(chunk);
  }
}
