import { ImageBuilderError, messageOf, type ErrorCode, type ErrorLocation } from "../base/errors";
import { GrpcError } from "../transport/grpc";

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
  /** Status of a `GrpcError`, and its details. */
  readonly status?: number;
  readonly details?: Uint8Array;
  readonly cause?: PlainError;
}

/** Converts anything that was thrown to a plain error. */
export function toPlain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: messageOf(error) };
  const { name, message, stack, cause } = error;
  const { code, statusCode, location } = error as Partial<PlainError>;
  const { status, details } = error instanceof GrpcError ? error : {};
  return {
    name,
    message,
    stack,
    code,
    statusCode,
    location,
    status,
    details,
    cause: cause === undefined ? undefined : toPlain(cause),
  };
}

/** Converts a plain error back; an `ImageBuilderError` or a `GrpcError` becomes one again. */
export function fromPlain(plain: PlainError): Error {
  const error = created(plain);
  if (plain.stack !== undefined) error.stack = plain.stack;
  return error;
}

function created({ name, message, code, statusCode, location, status, details, cause: plainCause }: PlainError): Error {
  if (status !== undefined) return new GrpcError(status, message, details);
  const cause = plainCause && fromPlain(plainCause);
  if (name === "ImageBuilderError" && code !== undefined)
    return new ImageBuilderError(code as ErrorCode, message, { cause, location });
  return Object.assign(
    new Error(message, { cause }),
    { name },
    code !== undefined && { code },
    statusCode !== undefined && { statusCode },
  );
}
