import type { Readable } from "node:stream";
import { ImageBuilderError } from "../errors";
import type { Operation } from "../operation";
import { brokenConnection } from "./brokenConnection";
import { MessageReader, type DaemonMessage } from "./daemonMessage";

export { failureIn, type DaemonMessage } from "./daemonMessage";

/**
 * The daemon's messages, one per line, whatever the chunks they arrive in. A line that is no message is logged and passed over.
 *
 * @throws ImageBuilderError `daemonLost` when the connection breaks; the abort reason when cancelled
 */
export async function* jsonLines(stream: Readable, { log, signal }: Operation): AsyncGenerator<DaemonMessage> {
  const decoder = new TextDecoder();
  const reader = new MessageReader(log);
  let rest = "";
  try {
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield* messageIn(line, reader);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw new ImageBuilderError(
      "daemonLost",
      `The connection to the Docker daemon broke (${brokenConnection(error)}): see whether it is still running, then build again.`,
      { cause: error },
    );
  }
  signal.throwIfAborted();
  yield* messageIn(rest, reader);
  reader.end();
}

function* messageIn(line: string, reader: MessageReader): Generator<DaemonMessage> {
  const message = reader.read(line);
  if (message) yield message;
}
