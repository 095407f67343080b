import type { Memento } from "vscode";

const key = "repositories";
const kept = 50;

/**
 * Repositories that the person has pushed to or opened, by registry, because many registries don't list theirs. At most
 * 50 per registry.
 */
export class KnownRepositories {
  constructor(private readonly state: Memento) {}

  /**
   * Returns the known repositories, last used first.
   *
   * @param host host of the registry, with its port
   */
  list(host: string): readonly string[] {
    return this.#all()[host] ?? [];
  }

  /**
   * Adds a repository as the last used one.
   *
   * @param path path below the host
   */
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
