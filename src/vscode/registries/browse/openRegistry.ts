import type { ContainerRegistry } from "../../../core/contracts/containerRegistry";
import type { RegistryClient } from "../../../core/distribution/registryClient";

/** Registry with a client for its requests. */
export interface OpenRegistry {
  readonly registry: ContainerRegistry;
  readonly client: RegistryClient;
  /** Whether a repository belongs to the registry, by its path below the host. */
  readonly owns: (path: string) => boolean;
  /** Path of the default repository in the configuration, below the host. */
  readonly defaultPath?: string;
}
