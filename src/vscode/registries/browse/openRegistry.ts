import type { ContainerRegistry } from "../../../core/contracts/containerRegistry";
import type { RegistryClient } from "../../../core/distribution/registryClient";

/** A registry as it is spoken to. */
export interface OpenRegistry {
  readonly registry: ContainerRegistry;
  readonly client: RegistryClient;
  /** Whether a repository, named below the host, belongs to it. */
  readonly owns: (path: string) => boolean;
  /** The repository that its configuration names, below the host. */
  readonly defaultPath?: string;
}
