import type { BuildContext } from "../files/buildContext";
import type { SearchBudget } from "./secretSearch";
import type { UploadReport } from "./uploadReport";
import type { ContextBuilder } from "../dockerignore/parseIgnoreFile";

/** Options for reviewing an upload. */
export interface ReviewOptions {
  readonly signal?: AbortSignal;
  /** Whether to search for secrets. Default is true. */
  readonly secrets?: boolean;
  readonly budget?: SearchBudget;
}

/** Data that a build will send to its daemon. */
export interface Upload {
  readonly context: BuildContext;
  /** Name of a named context; undefined for the build's own context. */
  readonly name?: string;
  readonly dockerfile: {
    /** Absolute path. */
    readonly file: string;
    readonly bytes: Buffer;
    /**
     * Text of the Dockerfile; for a named context, a text that copies the same files as if the context were the build's
     * own.
     */
    readonly text: string;
  };
  /** Builder whose rules filter the context. */
  readonly builder: ContextBuilder;
  /** Whether the builder requests an entry of the context. */
  readonly isRequested: (path: string) => boolean;
  /**
   * Number of files from which the builder is so slow that the user should be warned; undefined if it is never slow.
   */
  readonly slowFrom?: number;
  /**
   * Reviews the upload; each call starts over.
   *
   * @throws ImageBuilderError errors of iterating over the context; the signal's reason
   */
  readonly review: (options: ReviewOptions) => Promise<UploadReport>;
}
