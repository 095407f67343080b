import type { ContextEntry } from "../context/files/contextEntry";
import type { PassedOver } from "../context/files/faults";
import type { PathScope } from "../context/files/pathScope";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import type { ReviewedUpload } from "../context/review/reviewUpload";
import type { SentFiles } from "../operation/buildTrace";
import { withEarlierHashes, type OfferedFiles } from "../operation/offeredFiles";
import type { SyncedDirectory } from "../session/fileSync";
import { EntryList } from "./entryList";

/** Part of a folder; undefined for all of it. */
type Scope = PathScope | undefined;

/** Parts from which a folder of a build is served. */
export interface FolderParts {
  /** Lists a part of the folder; each call lists it again. */
  readonly list: (scope: Scope | Promise<Scope>) => AsyncIterable<readonly ContextEntry[]>;
  /** Whether `list` always lists the whole folder, regardless of the requested part. */
  readonly listsAll?: boolean;
  readonly root?: string;
  /** Dockerfile that is sent in addition to the folder, and reviewed first. */
  readonly dockerfile?: ReviewedUpload["dockerfile"];
  /**
   * Finds the part that the Dockerfile requests, which depends on symlinks in the folder; undefined if the daemon may
   * request everything.
   */
  readonly findRequested: () => Promise<Scope>;
  /** Asks whether the daemon may have the whole folder, because it requests this path; throws if not. */
  readonly confirmWhole: (path: string) => Promise<void>;
  /** Called with the names of entries that the build doesn't request and that could not be read. */
  readonly tellPassedOver: (names: string) => void;
  /** Called after each transfer with the files that were sent. */
  readonly tellSent: (sent: SentFiles) => void;
  /** Whether to remember the files that the daemon is offered, for the report of the build. */
  readonly isTraced: boolean;
}

/**
 * Folder that the daemon may copy from: the files that the Dockerfile copies are listed immediately, and exactly the
 * files that were reviewed last are sent.
 */
export class ServedFolder {
  #list: EntryList;
  /** Part that the list contains and that counts as requested. */
  #requested: Promise<Scope>;
  #isLookedAt = false;
  readonly #told = new Set<string>();
  #offered: OfferedFiles | undefined;

  constructor(private readonly parts: FolderParts) {
    this.#requested = parts.findRequested();
    this.#list = new EntryList(parts.list(this.#requested));
  }

  /**
   * Reviews the folder. The first review uses the existing list, unless it is of the whole folder; later ones list it
   * again.
   */
  async review({ isWhole, ...options }: ReviewOptions & { readonly isWhole: boolean }): Promise<UploadReport> {
    if (this.#isLookedAt || isWhole) {
      this.#requested = isWhole ? Promise.resolve(undefined) : this.parts.findRequested();
      this.#list = new EntryList(this.parts.list(this.#requested));
    }
    this.#isLookedAt = true;
    const { root, dockerfile } = this.parts;
    // The code that reads Dockerfiles is loaded only for a review.
    const { reviewUpload } = await import("../context/review/reviewUpload");
    const requested = await this.#requested;
    const isRequested = (path: string): boolean => requested?.includes(path) ?? true;
    return reviewUpload({ entries: this.#list, root, dockerfile, isRequested }, options);
  }

  /** Files that the daemon was offered; undefined if it requested none, there are too many, or they are not traced. */
  get offered(): OfferedFiles | undefined {
    return this.#offered;
  }

  /**
   * Returns the folder as the session serves it.
   *
   * @param isLimited whether the daemon gets only what the Dockerfile copies, unless a person allows more
   */
  async directory(isLimited: boolean): Promise<SyncedDirectory> {
    return {
      root: this.parts.root,
      entries: (wanted) => this.#entriesFor(wanted),
      onPassedOver: (passedOver) => this.#tellPassedOver(passedOver),
      onSent: (sent) => this.parts.tellSent(sent),
      ...(this.parts.isTraced && { onOffered: (files) => this.#remember(files) }),
      ...(isLimited && (await this.#limits())),
    };
  }

  /** Yields the existing list or, if the daemon requests more than it covers, a list of the requested part. */
  async *#entriesFor(wanted: Scope): AsyncGenerator<readonly ContextEntry[]> {
    const listed = await this.#requested;
    const isListed = this.parts.listsAll || !listed || (wanted && listed.covers(wanted.roots));
    yield* isListed ? this.#list : this.parts.list(wanted);
  }

  async #limits(): Promise<Pick<SyncedDirectory, "isGiven" | "confirmWhole">> {
    // Uses the part that the person reviewed: a symlink created later must not give the daemon more.
    const requested = await this.#requested;
    if (!requested) return {};
    let isWhole = false;
    const confirmWhole = async (path: string): Promise<void> => {
      await this.parts.confirmWhole(path);
      isWhole = true;
    };
    return { isGiven: (path) => isWhole || requested.includes(path), confirmWhole };
  }

  /** Keeps the longest list: old daemons first request the ignore file alone. */
  #remember(files: OfferedFiles | undefined): void {
    const before = this.#offered;
    if (files && before && files.paths.length < before.paths.length) return;
    this.#offered = files && before ? withEarlierHashes(files, before) : files;
  }

  #tellPassedOver({ names }: PassedOver): void {
    if (names === undefined || this.#told.has(names)) return;
    this.#told.add(names);
    this.parts.tellPassedOver(names);
  }
}
