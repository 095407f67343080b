import type { ContextEntry } from "../context/files/contextEntry";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import type { ReviewedUpload } from "../context/review/reviewUpload";
import type { SyncedDirectory } from "../session/fileSync";
import { EntryList } from "./entryList";

/** A test of paths; undefined where the daemon may ask for everything. */
export type Requested = ((path: string) => boolean) | undefined;

/** What a folder of a build is served by. */
export interface FolderParts {
  /** Goes through it anew. */
  readonly list: () => AsyncIterable<readonly ContextEntry[]>;
  readonly root?: string;
  /** Sent beside it, and looked at first. */
  readonly dockerfile?: ReviewedUpload["dockerfile"];
  /** Asks the folder, in which links decide. */
  readonly findRequested: () => Promise<Requested>;
  /** Asks whether the daemon may have all of it, because it wants this path; throws if not. */
  readonly confirmWhole: (path: string) => Promise<void>;
}

/** One folder that the daemon may copy from: it is gone through at once, and what is sent is what was looked at last. */
export class ServedFolder {
  #list: EntryList;
  #isLookedAt = false;
  /** Which entries count as requested since the last look. */
  #requested: Promise<Requested> | undefined;

  constructor(private readonly parts: FolderParts) {
    this.#list = new EntryList(parts.list());
  }

  /** Each look is a new one. */
  async review({ isWhole, ...options }: ReviewOptions & { readonly isWhole: boolean }): Promise<UploadReport> {
    if (this.#isLookedAt) this.#list = new EntryList(this.parts.list());
    this.#isLookedAt = true;
    if (!isWhole) this.#requested = this.parts.findRequested();
    const { root, dockerfile } = this.parts;
    // What reads Dockerfiles is loaded only where somebody asks what is about to be sent.
    const { reviewUpload } = await import("../context/review/reviewUpload");
    const isRequested = (isWhole ? undefined : await this.#requested) ?? (() => true);
    return reviewUpload({ entries: this.#list, root, dockerfile, isRequested }, options);
  }

  /** @param isLimited whether the daemon gets no more than what the Dockerfile copies unless somebody agrees */
  async directory(isLimited: boolean): Promise<SyncedDirectory> {
    return { root: this.parts.root, entries: () => this.#list, ...(isLimited && (await this.#limits())) };
  }

  async #limits(): Promise<Pick<SyncedDirectory, "isGiven" | "confirmWhole">> {
    // Decided by the look that the person saw: a link that came later must not let the daemon have more.
    const isRequested = await (this.#requested ??= this.parts.findRequested());
    if (!isRequested) return {};
    let isWhole = false;
    const confirmWhole = async (path: string): Promise<void> => {
      await this.parts.confirmWhole(path);
      isWhole = true;
    };
    return { isGiven: (path) => isWhole || isRequested(path), confirmWhole };
  }
}
