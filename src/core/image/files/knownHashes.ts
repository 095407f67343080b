import type { Stats } from "node:fs";
import { isAsStamped, type FileStamp, type Stamp } from "../../context/files/fileStamp";

/** Coarsest resolution of a file system's times, in milliseconds: FAT's. */
const coarsestMs = 2_000;

/** Hash of a file, and the file's metadata at that time. */
interface KnownHash {
  readonly stamp: FileStamp;
  /** Whether a later change would change the file's times. */
  readonly isSettled: boolean;
}

/** Stores the hashes of an image's files, so that later reads are limited to files that have changed, or may have. */
export class KnownHashes {
  readonly #known = new Map<string, KnownHash>();
  /** Entries other than files, and files with the executable bit. */
  readonly #others = new Map<string, Stamp>();
  readonly #executables = new Map<string, boolean>();
  #changed: string | undefined;

  /** First file whose content had changed when it was read again; undefined if there is none. */
  get changed(): string | undefined {
    return this.#changed;
  }

  /** Returns what was hashed at a path, by which it is known when it is sent. */
  stampOf(path: string): Stamp | undefined {
    const known = this.#known.get(path);
    if (!known) return this.#others.get(path);
    return { ...known.stamp, executable: this.#executables.get(path) };
  }

  /** Keeps whether a file may be executed, where that was hashed. */
  keepExecutable(path: string, executable: boolean): void {
    this.#executables.set(path, executable);
  }

  /** Keeps a link or an empty folder that was hashed. */
  keepOther(path: string, stamp: Exclude<Stamp, FileStamp>): void {
    this.#others.set(path, stamp);
  }

  /** Returns the hash of a file that has not changed since it was hashed; undefined if it may have. */
  find(path: string, stats: Stats): string | undefined {
    const known = this.#known.get(path);
    return known?.isSettled && isAsStamped(stats, known.stamp) ? known.stamp.sha256 : undefined;
  }

  /** Stores and returns the hash of a file. @param stats metadata from before the file was read */
  keep(path: string, { dev, ino, size, mtimeMs, ctimeMs }: Stats, sha256: string): string {
    const before = this.#known.get(path);
    if (before && before.stamp.sha256 !== sha256) this.#changed ??= path;
    const isSettled = Date.now() - Math.max(mtimeMs, ctimeMs) > coarsestMs;
    this.#others.delete(path);
    this.#known.set(path, { stamp: { kind: "file", dev, ino, size, mtimeMs, ctimeMs, sha256 }, isSettled });
    return sha256;
  }
}
