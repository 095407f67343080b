import { inSlices } from "../../base/batches";
import type { ContextEntry } from "../files/contextEntry";
import { secretKindOf } from "../lint/state/names";
import { findSecrets } from "./findSecrets";
import { likelihoodOf, likelihoods } from "./likelyFiles";
import { readText, type ReadableEntry } from "./readText";
import type { UploadSecret } from "./uploadReport";

/** Limits of a search for secrets. */
export interface SearchBudget {
  readonly files: number;
  readonly bytes: number;
  /** Maximum file size in bytes; larger files are not read. */
  readonly fileBytes: number;
  /** Maximum time in milliseconds, for slow disks; on others, the other limits are reached within half a second. */
  readonly ms: number;
}

/** Limits of the search before an upload. */
const usualBudget: SearchBudget = { files: 10_000, bytes: 64 * 1024 ** 2, fileBytes: 1024 ** 2, ms: 3000 };

interface Candidate {
  readonly entry: ReadableEntry;
  readonly file?: string;
  /** Description of what files with this name usually contain. */
  readonly usually?: string;
}

/** Searches what is sent for secrets: all files by name, and the content of the most likely files within the budget. */
export class SecretSearch {
  /** Candidates by likelihood. */
  readonly #candidates: readonly Candidate[][] = Array.from({ length: likelihoods }, () => []);
  #unread = 0;

  constructor(private readonly budget: SearchBudget = usualBudget) {}

  /** Adds a file to search. */
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

  /** Adds a file that is searched before all others, regardless of its name. */
  addFirst(path: string, content: Buffer, file: string): void {
    this.#candidates[0]?.unshift({ entry: { path, content }, file });
  }

  /**
   * Searches in slices of about 10 ms.
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

/** Whether a file with the name of a private key contains only public data: certificates, parameters, public keys. */
function isPublic(path: string, text: string): boolean {
  return /\.(pem|key)$/.test(path) && /^-----BEGIN /m.test(text) && !text.includes("PRIVATE KEY");
}
