import type { IncomingMessage } from "node:http";
import type Docker from "dockerode";
import type { ZodType } from "zod";
import { readAnswer } from "../border/readAnswer";
import { readBody } from "../border/readBody";
import { ImageBuilderError } from "../base/errors";
import { daemonBorder } from "../transport/daemonAnswers";
import type { Endpoint } from "../transport/endpoint";
import { daemonStatus, requestFailure } from "./requestFailure";

/** Creates a dockerode instance whose calls end with a signal. */
export type DockerFor = (signal: AbortSignal) => Docker;

/** Result of a dockerode method; its types describe how its own modem would convert a response. */
export type Called = Promise<unknown>;

/**
 * Limit for responses that are read as a whole. Real ones have some kilobytes, and arrive immediately or after the
 * daemon has queried a registry.
 */
const maxAnswerBytes = 4 * 2 ** 20;
const answerTimeoutMs = 60_000;

/** Asks one daemon. */
export type AskDaemon = <Result>(
  call: (docker: Docker) => Called,
  what: string,
  schema: ZodType<Result>,
  signal: AbortSignal,
) => Promise<Result>;

/**
 * Creates the function that asks a daemon, and reads its response with limits on size and time.
 *
 * The function throws ImageBuilderError `daemonFailed` or `daemonLost`, DaemonRefusal, and the signal's reason.
 */
export function askDaemon(dockerFor: DockerFor, endpoint: Endpoint): AskDaemon {
  return async (call, what, schema, signal) => {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const border = daemonBorder(endpoint, what, schema);
    try {
      const answer = await answerOf(call(dockerFor(AbortSignal.any([signal, timeout]))));
      const { bytes, isCut } = await readBody(answer, maxAnswerBytes);
      // Treat a response that is too long as invalid.
      return readAnswer(isCut ? "" : bytes, border);
    } catch (error) {
      // A caller may understand a refusal, such as that there is no such image.
      if (daemonStatus(error) !== undefined) throw error;
      if (!timeout.aborted || signal.aborted)
        throw requestFailure("daemonFailed", `Can't get the ${what} from the Docker daemon`, error, signal);
      throw new ImageBuilderError(
        "daemonLost",
        `${border.who} did not answer within ${answerTimeoutMs / 1000} s. Check that it is running, or restart it.`,
        { cause: error },
      );
    }
  };
}

/**
 * Returns the response to a dockerode call, as the custom modem passes it on.
 *
 * @throws DaemonRefusal for any status but 200 and 201; errors of a broken connection
 */
export async function answerOf(called: Called): Promise<IncomingMessage> {
  return (await called) as IncomingMessage;
}
