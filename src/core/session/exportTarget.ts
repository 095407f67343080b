import type { ServerHttp2Stream } from "node:http2";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { ImageBuilderError, messageOf } from "../base/errors";

/** A file or a folder for a build's result, by its absolute path. */
export interface ExportPlace {
  readonly kind: "file" | "folder";
  readonly dest: string;
}

/** Where the daemon sends a build's result; nothing is at its place before `commit`. */
export interface ExportTarget {
  /** Serves one `moby.filesync.v1.FileSend/DiffCopy`. */
  receive(stream: ServerHttp2Stream): Promise<void>;
  /**
   * Brings what has come to its place.
   *
   * @throws ImageBuilderError `exportFailed`
   */
  commit(): Promise<void>;
  /** Takes away what has come. */
  discard(): Promise<void>;
}

/** A new name beside `dest`, from where it can be renamed to it. */
export function nameBeside(dest: string): string {
  return join(dirname(dest), `.${basename(dest)}.${randomBytes(6).toString("hex")}.part`);
}

/** The daemon wants to write outside of the result's place. */
export class AstrayPathError extends Error {}

/** The error for a result that cannot be written. */
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
