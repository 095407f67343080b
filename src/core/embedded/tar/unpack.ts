import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Compression of bytes, detected from the first ones. */
export type Packing = "none" | "gzip" | "bzip2" | "xz" | "zstd";

const magics: readonly (readonly [packing: Packing, bytes: readonly number[]])[] = [
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];
const longestMagic = 10;

/** Tells how a file is packed. */
export function packingOf(start: Buffer): Packing {
  return magics.find(([, bytes]) => bytes.every((byte, i) => start[i] === byte))?.[0] ?? "none";
}

/** Reads the beginning of chunks, and gives them back whole. */
export async function peek(
  chunks: AsyncIterable<Buffer>,
): Promise<{ readonly start: Buffer; readonly all: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  let isEnd = false;
  while (start.length < longestMagic && !isEnd) {
    const { done, value } = await iterator.next();
    if (done) isEnd = true;
    else start = Buffer.concat([start, value]);
  }
  return { start, all: again(start, iterator) };
}

async function* again(start: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Unpacks gzip. Throws zlib's errors. */
export async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = Readable.from(chunks, { objectMode: false });
  const output = createGunzip();
  input.on("error", (error) => output.destroy(error));
  input.pipe(output);
  try {
    for await (const chunk of output) yield chunk as Buffer;
  } finally {
    input.destroy();
    output.destroy();
  }
}
