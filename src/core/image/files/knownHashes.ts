import type { Stats } from "node:fs";
import type { FileStamp } from "../../context/files/extraFiles";

/** Coarsest resolution of a file system's times, in milliseconds: FAT's. */
const coarsestMs = 2_000;

/** Hash of a file, and the file's metadata at that time. */
interface KnownHash extends Pick<Stats, "dev" | "ino" | "size" | "mtimeMs" | "ctimeMs"> {
  readonly hash: string;
  /** Whether a later change would change the file's times. */
  readonly isSettled: boolean;
}

/** Stores the hashes of an image's files, so that later reads are limited to files that have changed, or may have. */
export class KnownHashes {
  readonly #known = new Map<string, KnownHash>();
  #changed: string | undefined;

  /** First file whose content had changed when it was read again; undefined if there is none. */
  get changed(): string | undefined {
    return this.#changed;
  }

  /** Returns the size and time of a file when it was last hashed; undefined if it wasn't. */
  stampOf(path: string): FileStamp | undefined {
    const known = this.#known.get(path);
    return known && { sizeBytes: known.size, mtimeMs: known.mtimeMs };
  }

  /** Returns the hash of a file that has not changed since it was hashed; undefined if it may have. */
  find(path: string, { dev, ino, size, mtimeMs, ctimeMs }: Stats): string | undefined {
    const known = this.#known.get(path);
    return known?.isSettled &&
      known.dev === dev &&
      known.ino === ino &&
      known.size === size &&
      known.mtimeMs === mtimeMs &&
      known.ctimeMs === ctimeMs
      ? known.hash
      : undefined;
  }

  /** Stores and returns the hash of a file. @param stats metadata from before the file was read */
  keep(path: string, { dev, ino, size, mtimeMs, ctimeMs }: Stats, hash: string): string {
    const before = this.#known.get(path);
    if (before && before.hash !== hash) this.#changed ??= path;
    const isSettled = Date.now() - Math.max(mtimeMs, ctimeMs) > coarsestMs;
    this.#known.set(path, { dev, ino, size, mtimeMs, ctimeMs, hash, isSettled });
    return hash;
  }
}
