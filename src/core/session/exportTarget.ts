import type { ServerHttp2Stream } from "node:http2";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { ImageBuilderError, messageOf } from "../base/errors";

/** File or folder for a build's result; `dest` is an absolute path. */
export interface ExportPlace {
  readonly kind: "file" | "folder";
  readonly dest: string;
}

/** Receives a build's result from the daemon; writes nothing to the destination before `commit`. */
export interface ExportTarget {
  /** Serves one `moby.filesync.v1.FileSend/DiffCopy` call. */
  receive(stream: ServerHttp2Stream): Promise<void>;
  /**
   * Moves what was received to the destination.
   *
   * @throws ImageBuilderError `exportFailed`
   */
  commit(): Promise<void>;
  /** Deletes what was received. */
  discard(): Promise<void>;
}

/** Returns a new name in the folder of `dest`, from which it can be renamed to `dest`. */
export function nameBeside(dest: string): string {
  return join(dirname(dest), `.${basename(dest)}.${randomBytes(6).toString("hex")}.part`);
}

/** Thrown when the daemon tries to write outside the destination. */
export class AstrayPathError extends Error {}

/**
 * Returns the error for a result that can't be written: `exportFailed`, or `requestRefused` for a path outside the
 * destination.
 */
export function exportFailure(dest: string, why: unknown): ImageBuilderError {
  if (ImageBuilderError.is(why)) return why;
  if (why instanceof AstrayPathError) {
    return new ImageBuilderError(
      "requestRefused",
      `Can't write the build result to "${dest}", because ${why.message}. Check that the daemon can be trusted.`,
      { cause: why },
    );
  }
  return new ImageBuilderError(
    "exportFailed",
    `Can't write the build result to "${dest}" (${messageOf(why)}). Choose another location.`,
    { cause: why },
  );
}
