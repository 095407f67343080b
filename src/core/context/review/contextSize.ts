import type { UploadPart } from "./uploadReport";

const shownParts = 5;
/** A folder is replaced by a part with more than this share of its bytes, because that part is what to exclude. */
const mostOfIt = 0.8;
/** Minimum share of the total for a part to be shown. */
const leastShown = 0.01;
/** Number of parts to keep before all but the largest are dropped. */
const keptParts = 1000;

interface OpenFolder {
  readonly path: string;
  files: number;
  bytes: number;
  /** Part of the folder with the most bytes, and the part to show for it. */
  largest?: { readonly bytes: number; readonly shown: UploadPart };
}

/** Adds up files in tree order; keeps only the open folders in memory. */
export class ContextSize {
  readonly #root: OpenFolder = { path: "", files: 0, bytes: 0 };
  /** Open folders below the root, each inside the previous one. */
  readonly #open: OpenFolder[] = [];
  readonly #parts: UploadPart[] = [];

  add(path: string, sizeBytes: number): void {
    while (!path.startsWith(this.#top === this.#root ? "" : `${this.#top.path}/`)) this.#close();
    for (const name of path.split("/").slice(this.#open.length, -1)) {
      this.#open.push({ path: this.#top === this.#root ? name : `${this.#top.path}/${name}`, files: 0, bytes: 0 });
    }
    this.#count({ path, isFolder: false, files: 1, bytes: sizeBytes });
  }

  /** Returns the totals and the largest parts; nothing can be added afterwards. */
  finish(): { readonly files: number; readonly bytes: number; readonly largest: readonly UploadPart[] } {
    while (this.#open.length > 0) this.#close();
    const { files, bytes } = this.#root;
    this.#dropSmall();
    return { files, bytes, largest: this.#parts.filter((part) => part.bytes > 0 && part.bytes >= bytes * leastShown) };
  }

  get #top(): OpenFolder {
    return this.#open.at(-1) ?? this.#root;
  }

  #close(): void {
    const closed = this.#open.pop();
    if (!closed) return;
    const { path, files, bytes, largest } = closed;
    const folder: UploadPart = { path, isFolder: true, files, bytes };
    this.#count(folder, largest && largest.bytes > bytes * mostOfIt ? largest.shown : folder);
  }

  #count(part: UploadPart, shown = part): void {
    const folder = this.#top;
    folder.files += part.files;
    folder.bytes += part.bytes;
    if (folder !== this.#root) {
      if (part.bytes > (folder.largest?.bytes ?? -1)) folder.largest = { bytes: part.bytes, shown };
      return;
    }
    this.#parts.push(shown);
    if (this.#parts.length > keptParts) this.#dropSmall();
  }

  #dropSmall(): void {
    this.#parts.sort((a, b) => b.bytes - a.bytes).splice(shownParts);
  }
}
