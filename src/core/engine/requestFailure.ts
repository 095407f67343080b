import { ImageBuilderError, messageOf, type ErrorCode } from "../base/errors";
import { brokenConnection } from "../transport/brokenConnection";
import { refusalRemedy } from "./refusalRemedy";

/** Returns the daemon's words from its refusal. */
export function daemonWords(error: unknown): string {
  return messageOf(error).trim();
}

/** Returns the HTTP status of a daemon's refusal; undefined for other errors, such as a broken connection. */
export function daemonStatus(error: unknown): number | undefined {
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : undefined;
}

/**
 * Returns the error for a request that the daemon refused or that never reached it.
 *
 * @param code code for a refusal
 * @param what beginning of a sentence that says what was tried
 */
export function requestFailure(code: ErrorCode, what: string, error: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return abortReason(signal);
  if (ImageBuilderError.is(error)) return error;
  const status = daemonStatus(error);
  if (status !== undefined) {
    const words = daemonWords(error);
    return new ImageBuilderError(
      code,
      [`${what}: ${words.replace(/\.$/, "")}.`, refusalRemedy(words, status)].filter(Boolean).join(" "),
      { cause: error },
    );
  }
  return new ImageBuilderError(
    "daemonLost",
    `${what}: the connection to the daemon was lost (${brokenConnection(error)}). ` +
      "Check that the daemon is running.",
    { cause: error },
  );
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("cancelled");
}
