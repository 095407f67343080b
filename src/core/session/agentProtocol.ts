import { FrameCutter, type FrameFormat } from "../transport/frameCutter";

/**
 * Only the two requests that use keys without changing them; the others would add, remove, or lock keys. @see
 * https://www.rfc-editor.org/rfc/rfc9987
 */
export const agentRequest = { list: 11, sign: 13 } as const;

/** `SSH_AGENT_FAILURE`, which a client treats as a refusal. */
export const agentFailure = Buffer.from([0, 0, 0, 1, 5]);

/** Maximum message size in bytes, the same as in OpenSSH. */
const largestBytes = 256 * 1024;

/** Request to list the keys. */
export const listRequest = Buffer.from([0, 0, 0, 1, agentRequest.list]);

/** Returns the type of a message; undefined for an incomplete one. */
export function kindOf(message: Buffer): number | undefined {
  return message[4];
}

/**
 * Yields the messages of an SSH agent or of its client, each with its length in front, regardless of how they are split
 * into chunks.
 *
 * @throws Error for a message whose length no agent accepts
 */
export async function* agentMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, undefined> {
  const cutter = new FrameCutter(agentFrames);
  for await (const chunk of chunks) yield* cutter.cut(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
}

const agentFrames: FrameFormat = {
  headBytes: 4,
  frameBytes: (head) => {
    const length = head.readUInt32BE();
    if (length === 0 || length > largestBytes) throw new Error(`an SSH agent's message cannot have ${length} bytes`);
    return 4 + length;
  },
};
