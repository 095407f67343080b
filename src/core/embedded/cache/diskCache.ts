import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, systemCodeOf } from "../../base/errors";
import type { Log } from "../../base/log";

/** Folder of a cache, and its maximum size. */
export interface DiskCacheOptions {
  /** Created on first use, for this user only. Nothing else may be in it. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly log: Log;
}

/** Writers that were interrupted leave files behind; nobody writes for as long. */
const abandonedMs = 60 * 60 * 1000;
const unfinished = ".unfinished";

/**
 * Keeps results of earlier builds on disk and deletes the least recently used ones. It may be emptied at any time: a
 * failure of the disk counts as an entry that isn't there, and is logged.
 */
export class DiskCache {
  constructor(private readonly options: DiskCacheOptions) {}

  /** Returns an entry, which may be damaged; undefined if there is none. */
  async read(kind: string, key: string): Promise<Buffer | undefined> {
    const file = this.#fileOf(kind, key);
    try {
      const bytes = await readFile(file);
      const now = new Date();
      await utimes(file, now, now);
      return bytes;
    } catch (error) {
      if (systemCodeOf(error) !== "ENOENT") this.#logFailure("read", error);
      return undefined;
    }
  }

  /** Stores an entry, unless it alone would take up more than a quarter of the cache. */
  async write(kind: string, key: string, bytes: Buffer): Promise<void> {
    const { folder, maxBytes } = this.options;
    if (bytes.length > maxBytes / 4) return;
    const file = this.#fileOf(kind, key);
    const temporary = `${file}.${randomUUID()}${unfinished}`;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        await writeFile(temporary, bytes, { mode: 0o600, flag: "wx" });
        await rename(temporary, file);
      } finally {
        await rm(temporary, { force: true });
      }
      await this.#trim();
    } catch (error) {
      this.#logFailure("write", error);
    }
  }

  /** Deletes an entry that turned out to be damaged or outdated. */
  async delete(kind: string, key: string): Promise<void> {
    await rm(this.#fileOf(kind, key), { force: true }).catch((error: unknown) => this.#logFailure("delete", error));
  }

  async #trim(): Promise<void> {
    const { folder, maxBytes } = this.options;
    const files = await Promise.all((await readdir(folder)).map((name) => usedFile(join(folder, name))));
    const known = files.flatMap((file) => file ?? []).sort((a, b) => b.usedMs - a.usedMs);
    let left = maxBytes;
    for (const { path, sizeBytes, usedMs } of known) {
      left -= sizeBytes;
      const isAbandoned = path.endsWith(unfinished) && usedMs < Date.now() - abandonedMs;
      if (left < 0 || isAbandoned) await rm(path, { force: true });
    }
  }

  #fileOf(kind: string, key: string): string {
    return join(this.options.folder, `${kind}-${createHash("sha256").update(key).digest("hex")}`);
  }

  #logFailure(verb: string, error: unknown): void {
    this.options.log.debug(`Can't ${verb} the cache of the embedded builder (${messageOf(error)}).`);
  }
}

/** Another process may have deleted the file. */
async function usedFile(path: string) {
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, sizeBytes: size, usedMs: mtimeMs };
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
