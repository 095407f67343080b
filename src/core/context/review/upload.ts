import type { BuildContext } from "../files/buildContext";
import type { SearchBudget } from "./secretSearch";
import type { UploadReport } from "./uploadReport";
import type { ContextBuilder } from "../dockerignore/parseIgnoreFile";

/** How to look at an upload. */
export interface ReviewOptions {
  readonly signal?: AbortSignal;
  /** Whether to look for secrets. Default is true. */
  readonly secrets?: boolean;
  readonly budget?: SearchBudget;
}

/** What a build is about to send to its daemon. */
export interface Upload {
  readonly context: BuildContext;
  /** The name of a named context; undefined for the build's own. */
  readonly name?: string;
  readonly dockerfile: {
    /** Absolute path. */
    readonly file: string;
    readonly bytes: Buffer;
    /** For a named context, what the Dockerfile copies out of it as if it were the build's own. */
    readonly text: string;
  };
  /** By whose rules the context is filtered. */
  readonly builder: ContextBuilder;
  /** Which entries of the context the builder asks for. */
  readonly isRequested: (path: string) => boolean;
  /** From how many files on the builder takes so long that it should be told; nothing where it takes all alike. */
  readonly slowFrom?: number;
  /**
   * Looks at it, anew each time.
   *
   * @throws ImageBuilderError what going through the context throws; the signal's reason
   */
  readonly review: (options: ReviewOptions) => Promise<UploadReport>;
}
