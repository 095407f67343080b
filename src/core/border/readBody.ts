import type { Readable } from "node:stream";

/** Limits how much of an error's body is read: its words are in the beginning, and a hostile one has no end. */
export const maxErrorBytes = 64 * 1024;

/** The beginning of a body, and whether there was more of it. */
export interface Body {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

/**
 * Reads a body to its end, or to a limit, at which it destroys the stream.
 *
 * @throws what the stream fails with
 */
export async function readBody(stream: Readable, maxBytes: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // Leaving the loop destroys the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) return { bytes: Buffer.concat(chunks, sizeBytes).subarray(0, maxBytes), isCut: true };
  }
  return { bytes: Buffer.concat(chunks, sizeBytes), isCut: false };
}

/**
 * Reads the beginning of an error's body, as far as it comes in time. Never fails: the error counts, not its words.
 *
 * @param timeoutMs default is 5,000
 */
export async function readErrorBody(stream: Readable, timeoutMs = 5_000): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const timer = setTimeout(() => stream.destroy(), timeoutMs);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > maxErrorBytes) break;
    }
  } catch {
    // A body that breaks off has the words that came before.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks, sizeBytes).subarray(0, maxErrorBytes).toString("utf8");
}
