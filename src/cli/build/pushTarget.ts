import type { Component } from "../../core/base/component";
import type { Flavor } from "../../core/contracts/flavor";
import { parseImageReference } from "../../core/base/imageReference";
import type { Operation } from "../../core/operation/operation";
import { ContainerRegistry } from "../../core/contracts/containerRegistry";
import { registryConfigSchema, type RegistryConfig } from "../../core/contracts/registryConfig";

const type = "container_registry";
const flavorName = "named";

/**
 * Registry flavor that pushes each image to the registry in its name, with the credentials of Docker's configuration.
 */
export const namedRegistryFlavor: Flavor<typeof type, RegistryConfig> = {
  name: flavorName,
  type,
  displayName: "Registries in the image names",
  description: "Pushes each image to the registry in its name",
  configSchema: registryConfigSchema,
  load: async ({ name }, config, services) => new NamedRegistries(name, config, services),
};

/** Returns the component that pushes each name to its own registry. */
export function pushTarget(imageName: string): Component {
  const uri = parseImageReference(imageName).host;
  return { name: uri, type, flavor: flavorName, configuration: { uri } };
}

class NamedRegistries extends ContainerRegistry {
  /** Accepts all names, since each has its own registry. */
  override checkOwns(): void {}

  override pushImage(imageName: string, operation: Operation): Promise<string> {
    const uri = parseImageReference(imageName).host;
    return new ContainerRegistry(uri, { uri }, this.services).pushImage(imageName, operation);
  }
}
