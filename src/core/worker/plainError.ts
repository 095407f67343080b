import { ImageBuilderError, messageOf, type ErrorCode, type ErrorLocation } from "../base/errors";

/** An error as what can be copied to another thread, which would lose all but the message of an error itself. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly location?: ErrorLocation;
  readonly cause?: PlainError;
}

/** Takes apart anything that was thrown. */
export function toPlain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: messageOf(error) };
  const { name, message, stack, cause } = error;
  const { code, statusCode, location } = error as Partial<PlainError>;
  return { name, message, stack, code, statusCode, location, cause: cause === undefined ? undefined : toPlain(cause) };
}

/** Puts an error together again; ours is ours again. */
export function fromPlain({ name, message, stack, code, statusCode, location, cause: plainCause }: PlainError): Error {
  const cause = plainCause && fromPlain(plainCause);
  const error =
    name === "ImageBuilderError" && code !== undefined
      ? new ImageBuilderError(code as ErrorCode, message, { cause, location })
      : Object.assign(
          new Error(message, { cause }),
          { name },
          code !== undefined && { code },
          statusCode !== undefined && { statusCode },
        );
  if (stack !== undefined) error.stack = stack;
  return error;
}
