import type { Memento } from "vscode";
import type { Upload } from "../../../core/context/review/upload";
import type { Operation } from "../../../core/operation/operation";
import { lazily } from "../../ui/lazily";
import { AcceptedUploads } from "./acceptedUploads";
import type { GuardedBuild } from "./uploadReview";

/** Reviews what builds are about to send. The code of the review loads with the first build. */
export class UploadGuard {
  readonly accepted: AcceptedUploads;
  readonly #review = lazily(async () => new (await import("./uploadReview")).UploadReview(this.accepted));

  constructor(state: Memento) {
    this.accepted = new AcceptedUploads(state);
  }

  /**
   * Reviews an upload, and asks about what has not been accepted yet.
   *
   * @returns warnings about the upload; undefined if it must not be sent
   * @throws ImageBuilderError if the build context can't be read; the signal's reason
   */
  async check(upload: Upload, build: GuardedBuild, operation: Operation): Promise<readonly string[] | undefined> {
    return (await this.#review()).check(upload, build, operation);
  }
}

/** Gives access to the extension's `UploadGuard`. */
export interface WithGuard {
  readonly guard: UploadGuard;
}
