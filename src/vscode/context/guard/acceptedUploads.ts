import type { Memento } from "vscode";
import type { UploadReport, UploadSecret } from "../../../core/context/review/uploadReport";

/** So much more than what was accepted is asked about again. */
const margin = 1.25;
const prefix = "accepted:";

interface Accepted {
  /** Each as `keyOf` has it. */
  readonly secrets: readonly string[];
  readonly bytes: number;
}

/**
 * What people have agreed to send, by folder: exactly the secrets they were shown, and about as much as they were told.
 */
export class AcceptedUploads {
  constructor(private readonly state: Memento) {}

  /** The folders that something was agreed to for. */
  get folders(): string[] {
    return this.state.keys().flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  }

  /** The secrets of a report that nobody has agreed to. */
  newSecrets(folder: string, { secrets }: UploadReport): UploadSecret[] {
    const known = new Set(this.#of(folder).secrets);
    return secrets.filter((secret) => !known.has(keyOf(secret)));
  }

  /** Whether so many bytes are about what was agreed to. */
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

/** Lines move with every edit and do not count. */
function keyOf({ path, what }: UploadSecret): string {
  return `${path}: ${what}`;
}
