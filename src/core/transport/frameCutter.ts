/** How frames of a stream are told apart. */
export interface FrameFormat {
  /** How many bytes tell a frame's length. */
  readonly headBytes: number;
  /**
   * The length of the whole frame, its head included.
   *
   * @throws Error for a frame that nobody may send
   */
  readonly frameBytes: (head: Buffer) => number;
}

/**
 * Cuts a stream into frames, whatever the chunks it arrives in. Each byte is copied at most twice, however many chunks
 * bring a frame.
 */
export class FrameCutter {
  /** What has arrived of the next frame. */
  #chunks: Buffer[] = [];
  #held = 0;
  /** How much has to be there before it is worth another look. */
  #wanted: number;

  constructor(private readonly format: FrameFormat) {
    this.#wanted = format.headBytes;
  }

  /** The frames that a chunk completes; they are views of what arrived. */
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
