import type { ImageBuilderError } from "../../base/errors";
import type { RealFolder } from "./realFolder";

/** One thing in a build context: what the daemon gets to see at `path`. */
export interface ContextEntry {
  /** Slash-separated, relative to the root, without a leading or trailing slash. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "fifo";
  /** Permission bits with setuid, setgid and sticky: 0–0o7777. */
  readonly mode: number;
  /** 0 unless `kind` is `file`. */
  readonly sizeBytes: number;
  /** Modification time in milliseconds since 1970, fractions kept; negative before 1970. */
  readonly mtimeMs: number;
  /** What a symlink points at, as it is written; for a file, the path of the one before that it is a hard link to. */
  readonly linkTarget?: string;
  /** The same for all names of a file, and only where it has several. */
  readonly inode?: string;
  /** Where a file's bytes are: an absolute path on disk, or the bytes themselves (extra files). */
  readonly content?: string | Buffer;
  /**
   * Where the file, link or pipe on disk really is; only where `content`, or the path it was found by, leads over a
   * link.
   */
  readonly realPath?: string;
  /** The device and the inode of a file or folder on disk when it was listed. */
  readonly dev?: number | bigint;
  readonly ino?: number | bigint;
  /** The folder that a file on disk was listed in: what is sent must come out of it. */
  readonly folder?: RealFolder;
  /**
   * Why it cannot be sent: nothing else of the entry counts then. A folder whose content cannot be listed comes a
   * second time with one. Only where whoever asked for entries keeps faults.
   */
  readonly fault?: ImageBuilderError;
}
