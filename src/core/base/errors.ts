/** Kind of a failure, stable across versions so that callers and tests can tell failures apart. */
export type ErrorCode =
  | "buildFailed"
  | "buildRunning"
  | "componentExists"
  | "componentInUse"
  | "componentUnknown"
  | "connectorExpired"
  | "connectorFailed"
  | "connectorInvalid"
  | "connectorUnknown"
  | "contextChanged"
  | "contextUnreadable"
  | "credentialsFailed"
  | "daemonDenied"
  | "daemonFailed"
  | "daemonLost"
  | "daemonTls"
  | "daemonTooOld"
  | "daemonUnreachable"
  | "digestInvalid"
  | "dockerfileInvalid"
  | "dockerfileMissing"
  | "dockerignoreInvalid"
  | "dockerContextInvalid"
  | "exportFailed"
  | "flavorInvalid"
  | "flavorUnknown"
  | "imageFileMissing"
  | "imageForeign"
  | "imageInvalid"
  | "imageNameInvalid"
  | "implementationUnavailable"
  | "optionInvalid"
  | "pullFailed"
  | "pushFailed"
  | "pushNoDigest"
  | "registryDenied"
  | "registryFailed"
  | "registryMissing"
  | "registryNotFound"
  | "registryRateLimited"
  | "registryRefused"
  | "registryTls"
  | "registryUnauthorized"
  | "registryUnreachable"
  | "registryUnsupported"
  | "requestRefused"
  | "requestFailed"
  | "secretUnavailable"
  | "sourceNotConfirmed"
  | "sshAgentUnavailable"
  | "uploadFailed"
  | "configurationInvalid"
  | "workspaceUntrusted";

/** Place in a file that explains a failure; lines and columns count from 1. */
export interface ErrorLocation {
  readonly file: string;
  readonly line: number;
  readonly endLine?: number;
  readonly column?: number;
}

/**
 * The only error class of the core: `message` is a complete sentence with the affected thing and the remedy, `cause` is
 * the original failure.
 */
export class ImageBuilderError extends Error {
  override readonly name = "ImageBuilderError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly location?: ErrorLocation } = {},
  ) {
    super(message, { cause: options.cause });
    this.location = options.location;
  }

  readonly location: ErrorLocation | undefined;

  /**
   * Checks whether `error` is an `ImageBuilderError` and, if `code` is given, has that code. Compares name and code
   * instead of using `instanceof`, because an extension that contributes a flavor has its own copy of this class.
   */
  static is(error: unknown, code?: ErrorCode): error is ImageBuilderError {
    return (
      error instanceof Error &&
      error.name === "ImageBuilderError" &&
      (code === undefined || (error as ImageBuilderError).code === code)
    );
  }
}

/** Returns the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Returns the system error code (`ENOENT`, `ECONNREFUSED`, …) of anything that was thrown; undefined if it has none.
 */
export function systemCodeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
