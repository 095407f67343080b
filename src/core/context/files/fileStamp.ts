import type { Stats } from "node:fs";

/** Identifies a file whose content was hashed: no other file may be sent in its place. */
export interface FileStamp extends Pick<Stats, "dev" | "ino" | "size" | "mtimeMs" | "ctimeMs"> {
  readonly kind: "file";
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** Whether its owner may execute it, where that counts. */
  readonly executable?: boolean;
}

/** The same of anything that is sent. */
export type Stamp =
  FileStamp | { readonly kind: "symlink"; readonly target: string } | { readonly kind: "directory" | "fifo" };

const countsDevices = process.platform !== "win32";

/** Whether a file is the one that was hashed, unchanged: a program may set back every time but the inode's own. */
export function isAsStamped({ dev, ino, size, mtimeMs, ctimeMs }: Stats, stamp: FileStamp): boolean {
  return (
    ino === stamp.ino &&
    (dev === stamp.dev || !countsDevices) &&
    size === stamp.size &&
    mtimeMs === stamp.mtimeMs &&
    ctimeMs === stamp.ctimeMs
  );
}

const [second, microsecondsPerSecond] = [1000, 1e6];

/**
 * Returns the modification time of a file that was hashed: its own second, and a fraction made of the hash. BuildKit
 * takes files of equal size and time for equal, and would use what it was sent before.
 */
export function stampedTime({ mtimeMs, sha256 }: FileStamp): number {
  const microseconds = Number.parseInt(sha256.slice(0, 12), 16) % microsecondsPerSecond;
  return Math.floor(mtimeMs / second) * second + (microseconds * second) / microsecondsPerSecond;
}
