import type { ImageBuilderError } from "../../base/errors";
import type { FileStamp } from "./fileStamp";
import type { RealFolder } from "./realFolder";

/** Entry of a build context, as the daemon sees it at `path`. */
export interface ContextEntry {
  /** Path relative to the root, with slashes, without a leading or trailing slash. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "fifo";
  /** Permission bits with setuid, setgid, and sticky: 0–0o7777. */
  readonly mode: number;
  /** Size in bytes; 0 unless `kind` is `file`. */
  readonly sizeBytes: number;
  /** Modification time in milliseconds since 1970, including fractions; negative before 1970. */
  readonly mtimeMs: number;
  /** Target of a symlink as written; for a hard link, the path of the earlier entry of the same file. */
  readonly linkTarget?: string;
  /** Identifier that all names of a file share; undefined if the file has only one name. */
  readonly inode?: string;
  /** Content of a file: an absolute path on disk, or the bytes themselves (extra files). */
  readonly content?: string | Buffer;
  /**
   * Real path of a file, link, or pipe on disk; only if `content`, or the path by which it was found, contains a link.
   */
  readonly realPath?: string;
  /** Device and inode of a file or folder on disk when it was listed. */
  readonly dev?: number | bigint;
  readonly ino?: number | bigint;
  /** Time of the last change of a file's content or metadata, in milliseconds since 1970; only with `ino`. */
  readonly ctimeMs?: number;
  /** Folder in which a file on disk was listed; the file is sent only from there. */
  readonly folder?: RealFolder;
  /** The file whose content was hashed; other bytes are not sent. */
  readonly stamp?: FileStamp;
  /**
   * Reason why the entry can't be sent; its other fields are then meaningless. A folder that can't be listed has a
   * second entry with a fault. Only set if the caller keeps faults.
   */
  readonly fault?: ImageBuilderError;
}
