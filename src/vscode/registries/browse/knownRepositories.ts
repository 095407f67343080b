import type { Memento } from "vscode";

const key = "repositories";
const kept = 50;

/**
 * The repositories that a person has pushed to or asked for, by registry: many registries do not tell what they have.
 */
export class KnownRepositories {
  constructor(private readonly state: Memento) {}

  /** @param host of the registry, with its port */
  list(host: string): readonly string[] {
    return this.#all()[host] ?? [];
  }

  /** @param path below the host */
  async add(host: string, path: string): Promise<void> {
    const others = this.list(host).filter((each) => each !== path);
    await this.#keep(host, [path, ...others].slice(0, kept));
  }

  async forget(host: string, path: string): Promise<void> {
    await this.#keep(
      host,
      this.list(host).filter((each) => each !== path),
    );
  }

  #all(): Readonly<Record<string, readonly string[]>> {
    return this.state.get<Readonly<Record<string, readonly string[]>>>(key) ?? {};
  }

  async #keep(host: string, paths: readonly string[]): Promise<void> {
    await this.state.update(key, { ...this.#all(), [host]: paths });
  }
}
