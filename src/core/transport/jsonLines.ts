import type { Readable } from "node:stream";
import { ImageBuilderError } from "../base/errors";
import type { Operation } from "../operation/operation";
import { brokenConnection } from "./brokenConnection";
import { MessageReader, type DaemonMessage } from "./daemonMessage";
import { LineCutter } from "../base/lineCutter";

export { failureIn, type DaemonMessage } from "./daemonMessage";

/** Limit on a line, in characters: BuildKit's own messages have up to 16 MiB, encoded as base64 in a line. */
const longestLine = 24 * 2 ** 20;

/**
 * Yields the daemon's messages, one per line, independent of the stream's chunks. Logs and skips lines that are not
 * messages or are too long.
 *
 * @throws ImageBuilderError `daemonLost` if the connection breaks; the signal's reason when aborted
 */
export async function* jsonLines(stream: Readable, { log, signal }: Operation): AsyncGenerator<DaemonMessage> {
  const decoder = new TextDecoder();
  const reader = new MessageReader(log);
  const lines = new LineCutter(longestLine, (beginning) =>
    log.warn(`The daemon sent a line of more than ${longestLine} characters, which is skipped: ${beginning}`),
  );
  try {
    for await (const chunk of stream) {
      for (const line of lines.cut(decoder.decode(chunk as Buffer, { stream: true }))) yield* messageIn(line, reader);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw new ImageBuilderError(
      "daemonLost",
      `The connection to the Docker daemon was lost (${brokenConnection(error)}). ` +
        "Check that the daemon is still running, then build again.",
      { cause: error },
    );
  }
  signal.throwIfAborted();
  for (const line of lines.end()) yield* messageIn(line, reader);
  reader.end();
}

function* messageIn(line: string, reader: MessageReader): Generator<DaemonMessage> {
  const message = reader.read(line);
  if (message) yield message;
}
