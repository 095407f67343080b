import { Readable } from "node:stream";
import {
  headerOf,
  isHeader,
  isListedWhole,
  readRecords,
  sizeOf,
  TarError,
  textAt,
  typeOf,
  type TarHeader,
} from "./tarHeaders";

/** Member of a tar and its bytes; bytes that aren't read are skipped. */
export interface TarMember {
  readonly header: TarHeader;
  /** The bytes in chunks, once. */
  readonly content: AsyncIterable<Buffer>;
  /** All of the bytes, once; for small members. */
  readonly read: () => Promise<Buffer>;
}

/** Options for reading a tar. */
export interface TarReading {
  /** Whether the tar is a listing: without the bytes of its files, except of those that `isListedWhole` names. */
  readonly isListing?: boolean;
  /** Receives the parts of a listing of the tar, one after the other; they are valid during the call. */
  readonly onListing?: (part: Buffer) => void;
}

const blockBytes = 512;
/** For names and attributes no system allows as much. */
const maxExtraBytes = 1024 * 1024;

/**
 * Reads a tar member by member, in the forms of ustar, PAX and GNU.
 *
 * `tar-stream` is left: it takes PAX records for text, which breaks attributes such as capabilities.
 *
 * @throws TarError when it is none
 */
export async function* readTar(chunks: AsyncIterable<Buffer>, reading: TarReading = {}): AsyncGenerator<TarMember> {
  const input = new BlockReader(chunks);
  try {
    yield* membersOf(input, reading);
    await input.drain();
  } finally {
    await input.close();
  }
}

async function* membersOf(input: BlockReader, { isListing = false, onListing }: TarReading): AsyncGenerator<TarMember> {
  let records = new Map<string, Buffer>();
  let [longName, longTarget]: (string | undefined)[] = [];
  for (;;) {
    const block = await input.block();
    if (!block || block.every((byte) => byte === 0)) return;
    if (!isHeader(block)) throw new TarError("is damaged: a header has the wrong checksum");
    onListing?.(block);
    const type = typeOf(block);
    if ("xgLK".includes(type)) {
      const size = sizeOf(block);
      if (size > maxExtraBytes) throw new TarError("has names or attributes that are too long");
      const bytes = await input.bytes(size, onListing);
      if (type === "x") records = readRecords(bytes);
      else if (type === "L") longName = textAt(bytes, 0, bytes.length);
      else if (type === "K") longTarget = textAt(bytes, 0, bytes.length);
      continue;
    }
    const header = headerOf(block, { records, longName, longTarget });
    [records, longName, longTarget] = [new Map(), undefined, undefined];
    const isWhole = isListedWhole(header);
    if (isWhole && onListing) {
      const bytes = await input.bytes(header.sizeBytes, onListing);
      yield { header, content: Readable.from([bytes]), read: () => Promise.resolve(bytes) };
      continue;
    }
    const sizeBytes = isListing && !isWhole ? 0 : header.sizeBytes;
    const content = input.content(sizeBytes);
    yield { header, content, read: () => collect(content) };
    await passOver(content);
    await input.skipPadding(sizeBytes);
  }
}

async function passOver(content: AsyncIterable<Buffer>): Promise<void> {
  const chunks = content[Symbol.asyncIterator]();
  while (!(await chunks.next()).done);
}

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

class BlockReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async block(): Promise<Buffer | undefined> {
    if (this.#rest.length === 0 && !(await this.#more())) return undefined;
    return this.#exactly(blockBytes);
  }

  /**
   * Returns bytes without those that fill the last block.
   *
   * @param onBlocks receives them with those
   */
  async bytes(size: number, onBlocks?: (blocks: Buffer) => void): Promise<Buffer> {
    const blocks = await this.#exactly(Math.ceil(size / blockBytes) * blockBytes);
    onBlocks?.(blocks);
    return blocks.subarray(0, size);
  }

  /** May be begun again where it was left. */
  content(size: number): AsyncIterable<Buffer> {
    let left = size;
    const next = async (): Promise<IteratorResult<Buffer, undefined>> => {
      if (left === 0) return { done: true, value: undefined };
      if (this.#rest.length === 0 && !(await this.#more())) throw new TarError("ends too early");
      const value = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(value.length);
      left -= value.length;
      return { done: false, value };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  async skipPadding(size: number): Promise<void> {
    await this.#exactly((blockBytes - (size % blockBytes)) % blockBytes);
  }

  /** Reads what follows the end, so that a digest is of all of it. */
  async drain(): Promise<void> {
    while (await this.#more());
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #exactly(size: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let left = size; left > 0;) {
      if (this.#rest.length === 0 && !(await this.#more())) throw new TarError("ends too early");
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      pieces.push(piece);
      left -= piece.length;
    }
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      if (value.length === 0) continue;
      this.#rest = value as Buffer<ArrayBuffer>;
      return true;
    }
  }
}
