import type { Stats } from "node:fs";
import type { FileStamp } from "../../context/files/extraFiles";

/** The coarsest time that a file system keeps, in milliseconds: FAT's. */
const coarsestMs = 2_000;

/** The hash of a file, and what the system said of the file then. */
interface KnownHash extends Pick<Stats, "dev" | "ino" | "size" | "mtimeMs" | "ctimeMs"> {
  readonly hash: string;
  /** Whether a later change would show in its times. */
  readonly isSettled: boolean;
}

/** Keeps the hashes of an image's files, so that a second look reads only those that have changed, or may have. */
export class KnownHashes {
  readonly #known = new Map<string, KnownHash>();
  #changed: string | undefined;

  /** The first file whose content was another one when it was looked at again. */
  get changed(): string | undefined {
    return this.#changed;
  }

  /** Returns what the system said of a file when it was hashed last. */
  stampOf(path: string): FileStamp | undefined {
    const known = this.#known.get(path);
    return known && { sizeBytes: known.size, mtimeMs: known.mtimeMs };
  }

  /** Returns the hash of a file that is as it was when that was made. */
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

  /** @param stats of before the file was read */
  keep(path: string, { dev, ino, size, mtimeMs, ctimeMs }: Stats, hash: string): string {
    const before = this.#known.get(path);
    if (before && before.hash !== hash) this.#changed ??= path;
    const isSettled = Date.now() - Math.max(mtimeMs, ctimeMs) > coarsestMs;
    this.#known.set(path, { dev, ino, size, mtimeMs, ctimeMs, hash, isSettled });
    return hash;
  }
}
