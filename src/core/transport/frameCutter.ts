/** Format of the frames in a stream. */
export interface FrameFormat {
  /** Length of a frame's head, which contains the frame's length. */
  readonly headBytes: number;
  /**
   * Returns the length of the whole frame, including its head.
   *
   * @throws Error for a frame that is not allowed
   */
  readonly frameBytes: (head: Buffer) => number;
}

/**
 * Cuts a stream into frames, independent of its chunks. Each byte is copied at most twice, however many chunks a frame
 * arrives in.
 */
export class FrameCutter {
  /** Received part of the next frame. */
  #chunks: Buffer[] = [];
  #held = 0;
  /** Number of bytes that must be received before the next frame can be examined. */
  #wanted: number;

  constructor(private readonly format: FrameFormat) {
    this.#wanted = format.headBytes;
  }

  /** Returns the frames that a chunk completes; they are views of the received bytes. */
  cut(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#wanted) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#held);
    const whole: Buffer[] = [];
    let start = 0;
    let next = this.#frameBytes(bytes, start);
    while (bytes.length - start >= next && bytes.length - start >= this.format.headBytes) {
      whole.push(bytes.subarray(start, start + next));
      start += next;
      next = this.#frameBytes(bytes, start);
    }
    const rest = bytes.subarray(start);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    this.#wanted = next;
    return whole;
  }

  #frameBytes(bytes: Buffer, start: number): number {
    const { headBytes, frameBytes } = this.format;
    return bytes.length - start < headBytes ? headBytes : frameBytes(bytes.subarray(start, start + headBytes));
  }
}
