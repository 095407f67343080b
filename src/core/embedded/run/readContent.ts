import { ImageBuilderError } from "../../base/errors";
import { closeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileShorter, openListed, readListed } from "../../context/files/listedFile";
import type { ContextEntry } from "../../context/files/contextEntry";
import { readTar } from "../tar/readTar";
import type { Content, Leaf } from "../tree/node";
import { TreeError } from "../tree/treeError";

const chunkBytes = 1024 * 1024;
const maxSmallBytes = 1024 * 1024;

/**
 * Reads a file's bytes, exactly as many as it was listed with.
 *
 * @throws ImageBuilderError `contextChanged`, `contextUnreadable`; TreeError
 */
export async function* readContent(content: Content, sizeBytes: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (content.kind === "bytes") yield content.bytes;
  else if (content.kind === "listed") yield* readEntry(content.entry, sizeBytes, signal);
  else yield* readMember(content, signal);
}

/** Reads the bytes of a leaf; nothing for one without content. */
export function openLeaf({ content, sizeBytes }: Leaf, signal: AbortSignal): AsyncIterable<Buffer> {
  return readContent(content ?? { kind: "bytes", bytes: Buffer.alloc(0) }, sizeBytes, signal);
}

/** Reads a small file whole. @throws TreeError for one that is not small */
export async function readSmall(leaf: Leaf, signal: AbortSignal): Promise<Buffer> {
  if (leaf.sizeBytes > maxSmallBytes) throw new TreeError("a list of users that is too long");
  const chunks: Buffer[] = [];
  for await (const chunk of openLeaf(leaf, signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* readEntry(entry: ContextEntry, sizeBytes: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const fd = openListed(entry, typeof entry.content === "string" ? entry.content : "");
  try {
    for (let left = sizeBytes; left > 0;) {
      const buffer = Buffer.allocUnsafe(Math.min(left, chunkBytes));
      const count = readListed(entry, fd, buffer, 0, buffer.length);
      if (count === 0) throw fileShorter(entry, left);
      left -= count;
      // Yield between chunks, because the consumer may never wait for anything else.
      await nextTurn();
      signal.throwIfAborted();
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(fd);
  }
}

/** Returns the error for a tar that no longer has what was found in it. */
export function sourceChanged(name: string): ImageBuilderError {
  return new ImageBuilderError(
    "contextChanged",
    `The tar ${name} has changed since it was read. Build again when the folder is no longer changing.`,
  );
}

async function* readMember(
  { source, index }: Extract<Content, { kind: "member" }>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const member of readTar(source.open(signal))) {
    if (at++ < index) continue;
    yield* member.content;
    return;
  }
  throw sourceChanged(source.name);
}
