import type { Readable } from "node:stream";

/**
 * Limit on the body of an error response, in bytes: its message is at the beginning, and a hostile body may never end.
 */
export const maxErrorBytes = 64 * 1024;

/** Beginning of a body, and whether it was cut off. */
export interface Body {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

/**
 * Reads a body to its end, or to a limit, at which it destroys the stream.
 *
 * @throws the stream's error
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
 * Reads the beginning of an error's body, as far as it arrives in time. Never fails, because the error matters more
 * than its message.
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
    // An interrupted body still has the text that arrived before.
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks, sizeBytes).subarray(0, maxErrorBytes).toString("utf8");
}
