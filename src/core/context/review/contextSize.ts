import type { UploadPart } from "./uploadReport";

const shownParts = 5;
/** A folder gives way to the part that makes up more than this of its bytes: that is what to keep out. */
const mostOfIt = 0.8;
/** Smaller parts of the whole are not worth a line. */
const leastShown = 0.01;
/** How many parts are kept before all but the largest are dropped. */
const keptParts = 1000;

interface OpenFolder {
  readonly path: string;
  files: number;
  bytes: number;
  /** The part of it with the most bytes, and what to show for it. */
  largest?: { readonly bytes: number; readonly shown: UploadPart };
}

/** Adds up files that come in tree order, keeping no more than the folders that are open. */
export class ContextSize {
  readonly #root: OpenFolder = { path: "", files: 0, bytes: 0 };
  /** Within the root, each in the one before. */
  readonly #open: OpenFolder[] = [];
  readonly #parts: UploadPart[] = [];

  add(path: string, sizeBytes: number): void {
    while (!path.startsWith(this.#top === this.#root ? "" : `${this.#top.path}/`)) this.#close();
    for (const name of path.split("/").slice(this.#open.length, -1)) {
      this.#open.push({ path: this.#top === this.#root ? name : `${this.#top.path}/${name}`, files: 0, bytes: 0 });
    }
    this.#count({ path, isFolder: false, files: 1, bytes: sizeBytes });
  }

  /** What there is in all; nothing can be added afterwards. */
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
