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
