/** Contents of an upload, before any of it is sent; contains no text of a secret. */
export interface UploadReport {
  readonly files: number;
  readonly bytes: number;
  /** Folders and files that make up most of the upload, largest first; none is inside another. */
  readonly largest: readonly UploadPart[];
  /** Possible secrets, sorted by path. */
  readonly secrets: readonly UploadSecret[];
  /**
   * Number of files that may contain a secret but were not searched, because the budget was used up or they can't be
   * read.
   */
  readonly unread: number;
}

/** Folder or file of an upload, with totals of what is sent of it. */
export interface UploadPart {
  /** Path relative to the context's root, with slashes. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly files: number;
  readonly bytes: number;
}

/** File that appears to contain a secret. */
export interface UploadSecret {
  /** Path relative to the context's root, with slashes; absolute for a Dockerfile outside it. */
  readonly path: string;
  /**
   * Content, such as "a GitHub token"; if only the name is known, the usual content of such files, such as "SSH keys".
   */
  readonly what: string;
  /** Line number, from 1; only if the content was recognized. */
  readonly line?: number;
  /** Absolute path; undefined for content that was added as bytes. */
  readonly file?: string;
}
