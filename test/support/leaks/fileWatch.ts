import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const intervalMs = 20;

/** Looks again and again into a folder, so that files are seen that are gone before the end. */
export class FileWatch {
  /** What each file held, by its path; the newest ones last. */
  readonly seen = new Map<string, Buffer>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly folder: string) {
    this.#timer = setInterval(() => this.#look(), intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const entry of readdirSync(this.folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || path.includes("/tsx-")) continue;
      try {
        const content = readFileSync(path);
        if (!this.seen.get(path)?.equals(content)) this.seen.set(`${path} ${this.seen.size}`, content);
      } catch {
        // It has just gone.
      }
    }
  }
}
