import { inSlices } from "../../base/batches";
import type { ContextEntry } from "../files/contextEntry";
import { secretKindOf } from "../lint/state/names";
import { findSecrets } from "./findSecrets";
import { likelihoodOf, likelihoods } from "./likelyFiles";
import { readText, type ReadableEntry } from "./readText";
import type { UploadSecret } from "./uploadReport";

/** What a search may cost. */
export interface SearchBudget {
  readonly files: number;
  readonly bytes: number;
  /** Larger files are not read. */
  readonly fileBytes: number;
  /** For slow disks; the others are spent within half a second elsewhere. */
  readonly ms: number;
}

/** What the search before an upload may cost. */
const usualBudget: SearchBudget = { files: 10_000, bytes: 64 * 1024 ** 2, fileBytes: 1024 ** 2, ms: 3000 };

interface Candidate {
  readonly entry: ReadableEntry;
  readonly file?: string;
  /** What files of that name usually hold. */
  readonly usually?: string;
}

/**
 * Looks for secrets in what is sent: by name in all of it, by content in the likeliest files that the budget allows.
 */
export class SecretSearch {
  /** By likelihood. */
  readonly #candidates: readonly Candidate[][] = Array.from({ length: likelihoods }, () => []);
  #unread = 0;

  constructor(private readonly budget: SearchBudget = usualBudget) {}

  /** Takes note of a file. */
  add(entry: ReadableEntry & Pick<ContextEntry, "sizeBytes">): void {
    const { path, content, sizeBytes } = entry;
    if (content === undefined || sizeBytes === 0) return;
    const file = typeof content === "string" ? content : undefined;
    const usually = secretKindOf(path)?.what;
    const likelihood = likelihoodOf(path, usually !== undefined);
    const candidates = likelihood === undefined ? undefined : this.#candidates[likelihood];
    if (!candidates) return;
    if (usually !== undefined || (sizeBytes < this.budget.fileBytes && candidates.length < this.budget.files))
      candidates.push({ entry, file, usually });
    else this.#unread++;
  }

  /** Takes note of a file that is read before all others, whatever it is called. */
  addFirst(path: string, content: Buffer, file: string): void {
    this.#candidates[0]?.unshift({ entry: { path, content }, file });
  }

  /**
   * Reads in slices of some 10 ms.
   *
   * @throws the signal's reason when it is aborted
   */
  async run(
    signal: AbortSignal | undefined,
  ): Promise<{ readonly secrets: readonly UploadSecret[]; readonly unread: number }> {
    const end = performance.now() + this.budget.ms;
    return inSlices(() => this.#search(() => performance.now() < end), signal);
  }

  *#search(isInTime: () => boolean): Generator<undefined, { secrets: UploadSecret[]; unread: number }> {
    const buffer = Buffer.allocUnsafe(this.budget.fileBytes);
    const secrets: UploadSecret[] = [];
    let [files, bytes, unread] = [0, 0, this.#unread];
    for (const { entry, file, usually } of this.#candidates.flat()) {
      const { path } = entry;
      const isAffordable = files < this.budget.files && bytes < this.budget.bytes && isInTime();
      const read = isAffordable ? readText(entry, buffer) : "unreadable";
      yield undefined;
      files++;
      if (read === "unreadable") unread++;
      const text = typeof read === "object" ? read.text : "";
      if (typeof read === "object") bytes += read.bytes;
      const found = yield* findSecrets(text, isInTime);
      for (const { what, line } of found) secrets.push({ path, what, line, file });
      if (found.length === 0 && usually !== undefined && !isPublic(path, text))
        secrets.push({ path, what: usually, file });
    }
    return { secrets: secrets.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)), unread };
  }
}

/**
 * Whether a file that is named like a private key holds what everybody may read: certificates, parameters, public keys.
 */
function isPublic(path: string, text: string): boolean {
  return /\.(pem|key)$/.test(path) && /^-----BEGIN /m.test(text) && !text.includes("PRIVATE KEY");
}
