import type { Memento } from "vscode";
import type { UploadReport, UploadSecret } from "../../../core/context/review/uploadReport";

/** Factor by which an upload may exceed the accepted size before the person is asked again. */
const margin = 1.25;
const prefix = "accepted:";

interface Accepted {
  /** Keys as `keyOf` returns them. */
  readonly secrets: readonly string[];
  readonly bytes: number;
}

/** Uploads that the person has accepted, by folder: the exact secrets that were shown, and the approximate size. */
export class AcceptedUploads {
  constructor(private readonly state: Memento) {}

  /** Folders with accepted uploads. */
  get folders(): string[] {
    return this.state.keys().flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  }

  /** Returns the secrets in a report that have not been accepted yet. */
  newSecrets(folder: string, { secrets }: UploadReport): UploadSecret[] {
    const known = new Set(this.#of(folder).secrets);
    return secrets.filter((secret) => !known.has(keyOf(secret)));
  }

  /** Whether a size is at most 25% larger than the accepted one. */
  isKnownSize(folder: string, bytes: number): boolean {
    return bytes <= this.#of(folder).bytes * margin;
  }

  async acceptSecrets(folder: string, secrets: readonly UploadSecret[]): Promise<void> {
    const { bytes, ...known } = this.#of(folder);
    await this.#keep(folder, { bytes, secrets: [...new Set([...known.secrets, ...secrets.map(keyOf)])] });
  }

  async acceptSize(folder: string, bytes: number): Promise<void> {
    await this.#keep(folder, { ...this.#of(folder), bytes });
  }

  async forget(folder: string): Promise<void> {
    await this.state.update(prefix + folder, undefined);
  }

  #of(folder: string): Accepted {
    return this.state.get<Accepted>(prefix + folder) ?? { secrets: [], bytes: 0 };
  }

  async #keep(folder: string, accepted: Accepted): Promise<void> {
    await this.state.update(prefix + folder, accepted);
  }
}

/** Returns the key of a secret, without its line, because lines change with every edit. */
function keyOf({ path, what }: UploadSecret): string {
  return `${path}: ${what}`;
}
