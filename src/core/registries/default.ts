import type { Flavor } from "../flavors/flavor";
import { registryConfigSchema, type RegistryConfig } from "./registryConfig";

/** Any registry that speaks the Distribution API: on this machine, self-hosted or a service without a flavor of its own. */
export const defaultRegistryFlavor: Flavor<"container_registry", RegistryConfig> = {
  name: "default",
  type: "container_registry",
  displayName: "Container registry",
  description: "Any registry that speaks the Distribution API",
  docsUrl: "https://docs.zenml.io/stack-components/container-registries/default",
  configSchema: registryConfigSchema,
  async load(component, config, services) {
    const { ContainerRegistry } = await import("./containerRegistry");
    return new ContainerRegistry(component.name, config, services);
  },
};
