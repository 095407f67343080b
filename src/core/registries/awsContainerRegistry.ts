import { ContainerRegistry } from "./containerRegistry";
import type { AwsRegistryConfig } from "./aws";
import type { ImplementationServices } from "../flavors/flavor";

/** Amazon's registry, where a repository must exist before an image is pushed to it. */
export class AwsContainerRegistry extends ContainerRegistry {
  constructor(name: string, override readonly config: AwsRegistryConfig, services: ImplementationServices) {
    super(name, config, services);
  }
}
