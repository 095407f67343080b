import type { Flavor } from "../flavors/flavor";
import { registryHost } from "../imageReference";
import { registryConfigSchema, type RegistryConfig } from "./registryConfig";

/** Docker Hub under any of its names. */
export const dockerhubRegistryFlavor: Flavor<"container_registry", RegistryConfig> = {
  name: "dockerhub",
  type: "container_registry",
  displayName: "Docker Hub",
  description: "Docker Hub, as docker.io/<your account>",
  docsUrl: "https://docs.zenml.io/stack-components/container-registries/dockerhub",
  configSchema: registryConfigSchema.refine((config) => registryHost(config.uri) === "docker.io", {
    path: ["uri"],
    error: 'write Docker Hub\'s address, such as "docker.io/your-account"',
  }),
  async load(component, config, services) {
    const { ContainerRegistry } = await import("./containerRegistry");
    return new ContainerRegistry(component.name, config, services);
  },
};
