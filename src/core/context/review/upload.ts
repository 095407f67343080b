import type { BuildContext } from "../buildContext";
import type { ReviewOptions } from "./reviewUpload";
import type { ContextBuilder } from "../dockerignore/parseIgnoreFile";

/** What a build is about to send to its daemon. */
export interface Upload {
  readonly context: BuildContext;
  readonly dockerfile: {
    /** Absolute path. */
    readonly file: string;
    readonly bytes: Buffer;
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

/** What an upload holds, before any of it is sent; a secret's own text is nowhere in it. */
export interface UploadReport {
  readonly files: number;
  readonly bytes: number;
  /** The folders and files that most of it comes from, largest first, none within another. */
  readonly largest: readonly UploadPart[];
  /** In the order of their paths. */
  readonly secrets: readonly UploadSecret[];
  /** Files that could hold a secret and were not looked into: the budget was spent, or they could not be read. */
  readonly unread: number;
}

/** A folder or a file of an upload, with all that is sent of it. */
export interface UploadPart {
  /** Slash-separated, relative to the context's root. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly files: number;
  readonly bytes: number;
}

/** A file that looks as if it held a secret. */
export interface UploadSecret {
  /** Slash-separated, relative to the context's root; absolute for a Dockerfile that lies outside. */
  readonly path: string;
  /** What it holds, such as "a GitHub token"; by its name alone, what such files usually hold, such as "SSH keys". */
  readonly what: string;
  /** Counted from 1; only where the content was recognised. */
  readonly line?: number;
  /** Absolute path; nothing for content that was added as bytes. */
  readonly file?: string;
}
