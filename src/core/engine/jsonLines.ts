import type { Readable } from "node:stream";
import { ImageBuilderError, messageOf } from "../errors";
import type { Operation } from "../operation";
import { LineCutter } from "../lineCutter";

/** One line of what the daemon streams while it builds, pulls or pushes. */
export interface DaemonMessage {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string; readonly code?: number };
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly aux?: unknown;
}

/** BuildKit's own messages have up to 16 MiB, which are base64 in a line. */
const longestLine = 24 * 2 ** 20;

/**
 * The daemon's messages, one per line, whatever the chunks they arrive in. A line that is not JSON, or too long, is logged and passed
 * over.
 *
 * @throws ImageBuilderError `daemonLost` when the connection breaks; the abort reason when cancelled
 */
export async function* jsonLines(stream: Readable, { log, signal }: Operation): AsyncGenerator<DaemonMessage> {
  const decoder = new TextDecoder();
  const lines = new LineCutter(longestLine, (beginning) => log.warn(`The daemon sent a line of more than ${longestLine} characters, which is passed over: ${beginning}`));
  try {
    for await (const chunk of stream) {
      for (const line of lines.cut(decoder.decode(chunk as Buffer, { stream: true }))) yield* parseLine(line, log);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (ImageBuilderError.is(error)) throw error;
    throw new ImageBuilderError(
      "daemonLost",
      `The connection to the Docker daemon broke (${messageOf(error)}): see whether it is still running, then build again.`,
      { cause: error },
    );
  }
  signal.throwIfAborted();
  for (const line of lines.end()) yield* parseLine(line, log);
}

function* parseLine(line: string, log: Operation["log"]): Generator<DaemonMessage> {
  if (line.trim() === "") return;
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    log.warn(`The daemon sent a line that is not JSON: ${line.slice(0, 200)}`);
    return;
  }
  if (typeof message === "object" && message !== null) yield message;
}

/** The text of a message that reports a failure, else nothing. */
export function failureIn(message: DaemonMessage): string | undefined {
  return message.errorDetail?.message ?? message.error;
}
