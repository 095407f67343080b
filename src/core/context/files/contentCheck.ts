import { createHash } from "node:crypto";
import { fileChanged } from "./contextEntries";
import type { FileStamp } from "./fileStamp";

/** Returns the error for what is no longer as it was when the tag of its image was computed. */
export function changedSinceTag(path: string, what = "has changed"): Error {
  return fileChanged(path, `${what} since the image tag was computed`);
}

/** Compares the bytes of a file that are sent with those that were hashed. */
export class ContentCheck {
  readonly #hash = createHash("sha256");

  constructor(
    private readonly path: string,
    private readonly stamp: FileStamp,
  ) {}

  update(bytes: Buffer): void {
    this.#hash.update(bytes);
  }

  /** @throws ImageBuilderError `contextChanged` for other bytes, and if the file `hasGrown` meanwhile */
  finish(hasGrown: boolean): void {
    if (hasGrown || this.#hash.digest("hex") !== this.stamp.sha256) throw changedSinceTag(this.path);
  }
}
