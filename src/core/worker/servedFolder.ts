import type { ContextEntry } from "../context/files/contextEntry";
import type { PassedOver } from "../context/files/faults";
import type { PathScope } from "../context/files/pathScope";
import type { ReviewOptions } from "../context/review/upload";
import type { UploadReport } from "../context/review/uploadReport";
import type { ReviewedUpload } from "../context/review/reviewUpload";
import type { SyncedDirectory } from "../session/fileSync";
import { EntryList } from "./entryList";

/** A part of a folder; undefined for all of it. */
type Scope = PathScope | undefined;

/** What a folder of a build is served by. */
export interface FolderParts {
  /** Goes through a part of it anew. */
  readonly list: (scope: Scope | Promise<Scope>) => AsyncIterable<readonly ContextEntry[]>;
  /** Whether `list` goes through all of it, whatever part it is asked for. */
  readonly listsAll?: boolean;
  readonly root?: string;
  /** Sent beside it, and looked at first. */
  readonly dockerfile?: ReviewedUpload["dockerfile"];
  /** Asks the folder, in which links decide: undefined where the daemon may ask for everything. */
  readonly findRequested: () => Promise<Scope>;
  /** Asks whether the daemon may have all of it, because it wants this path; throws if not. */
  readonly confirmWhole: (path: string) => Promise<void>;
  /** Called with the names of what a build does not ask for and that could not be read. */
  readonly tellPassedOver: (names: string) => void;
}

/**
 * One folder that the daemon may copy from: what the Dockerfile copies is gone through at once, and what is sent is
 * what was looked at last.
 */
export class ServedFolder {
  #list: EntryList;
  /** The part that the list holds and that counts as requested. */
  #requested: Promise<Scope>;
  #isLookedAt = false;
  readonly #told = new Set<string>();

  constructor(private readonly parts: FolderParts) {
    this.#requested = parts.findRequested();
    this.#list = new EntryList(parts.list(this.#requested));
  }

  /** Each look is a new one. */
  async review({ isWhole, ...options }: ReviewOptions & { readonly isWhole: boolean }): Promise<UploadReport> {
    if (this.#isLookedAt || isWhole) {
      this.#requested = isWhole ? Promise.resolve(undefined) : this.parts.findRequested();
      this.#list = new EntryList(this.parts.list(this.#requested));
    }
    this.#isLookedAt = true;
    const { root, dockerfile } = this.parts;
    // What reads Dockerfiles is loaded only where somebody asks what is about to be sent.
    const { reviewUpload } = await import("../context/review/reviewUpload");
    const requested = await this.#requested;
    const isRequested = (path: string): boolean => requested?.includes(path) ?? true;
    return reviewUpload({ entries: this.#list, root, dockerfile, isRequested }, options);
  }

  /** @param isLimited whether the daemon gets no more than what the Dockerfile copies unless somebody agrees */
  async directory(isLimited: boolean): Promise<SyncedDirectory> {
    return {
      root: this.parts.root,
      entries: (wanted) => this.#entriesFor(wanted),
      onPassedOver: (passedOver) => this.#tellPassedOver(passedOver),
      ...(isLimited && (await this.#limits())),
    };
  }

  /** What was gone through ahead or, where the daemon asks for more than the Dockerfile tells, what it asks for. */
  async *#entriesFor(wanted: Scope): AsyncGenerator<readonly ContextEntry[]> {
    const listed = await this.#requested;
    const isListed = this.parts.listsAll || !listed || (wanted && listed.covers(wanted.roots));
    yield* isListed ? this.#list : this.parts.list(wanted);
  }

  async #limits(): Promise<Pick<SyncedDirectory, "isGiven" | "confirmWhole">> {
    // Decided by the look that the person saw: a link that came later must not let the daemon have more.
    const requested = await this.#requested;
    if (!requested) return {};
    let isWhole = false;
    const confirmWhole = async (path: string): Promise<void> => {
      await this.parts.confirmWhole(path);
      isWhole = true;
    };
    return { isGiven: (path) => isWhole || requested.includes(path), confirmWhole };
  }

  #tellPassedOver({ names }: PassedOver): void {
    if (names === undefined || this.#told.has(names)) return;
    this.#told.add(names);
    this.parts.tellPassedOver(names);
  }
}
