import { FrameCutter, type FrameFormat } from "../transport/frameCutter";

/**
 * The two requests that use keys and change nothing; the rest would add, remove or lock them. @see
 * https://www.rfc-editor.org/rfc/rfc9987
 */
export const agentRequest = { list: 11, sign: 13 } as const;

/** `SSH_AGENT_FAILURE`, which a client takes for a no. */
export const agentFailure = Buffer.from([0, 0, 0, 1, 5]);

/** OpenSSH's own limit. */
const largestBytes = 256 * 1024;

/** The request to list the keys. */
export const listRequest = Buffer.from([0, 0, 0, 1, agentRequest.list]);

/** What kind of message this is. */
export function kindOf(message: Buffer): number | undefined {
  return message[4];
}

/**
 * The messages of an SSH agent or of its client, each with its length before it, whatever the chunks they arrive in.
 *
 * @throws Error for a message that no agent takes
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
