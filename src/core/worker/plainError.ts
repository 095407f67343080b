import { ImageBuilderError, messageOf, type ErrorCode, type ErrorLocation } from "../base/errors";

/**
 * Error in a form that can be copied to another thread; copying an Error itself would lose everything but its message.
 */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly location?: ErrorLocation;
  readonly cause?: PlainError;
}

/** Converts anything that was thrown to a plain error. */
export function toPlain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: messageOf(error) };
  const { name, message, stack, cause } = error;
  const { code, statusCode, location } = error as Partial<PlainError>;
  return { name, message, stack, code, statusCode, location, cause: cause === undefined ? undefined : toPlain(cause) };
}

/** Converts a plain error back; an `ImageBuilderError` becomes one again. */
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
