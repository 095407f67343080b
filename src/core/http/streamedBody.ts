import type { ClientRequest, IncomingMessage } from "node:http";
import type { WaitLimit } from "./waitLimit";

/** Bytes to send that are not in memory. */
export interface HttpBody {
  readonly sizeBytes: number;
  /** Begins with the first byte each time it is called. */
  readonly open: () => AsyncIterable<Buffer>;
}

/** Hands a body over as it is taken; stops where the answer comes before its end. */
export async function sendBody(
  body: HttpBody,
  outgoing: ClientRequest,
  isAnswered: () => boolean,
  onBytes: () => void,
): Promise<void> {
  for await (const chunk of body.open()) {
    if (isAnswered() || outgoing.destroyed) return;
    onBytes();
    if (!outgoing.write(chunk)) await drained(outgoing);
  }
  outgoing.end();
}

function drained(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      for (const event of ["drain", "close", "response"]) outgoing.off(event, go);
      resolve();
    };
    for (const event of ["drain", "close", "response"]) outgoing.once(event, go);
  });
}

/** Returns the chunks of a response; the time that the consumer needs doesn't count. */
export async function* chunksOf(
  incoming: IncomingMessage,
  wait: WaitLimit,
  telling: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      wait.pause();
      yield chunk;
      wait.renew();
    }
  } catch (error) {
    throw telling(error);
  } finally {
    wait.end();
  }
}
