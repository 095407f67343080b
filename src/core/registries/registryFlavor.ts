import { dockerRegistryRequirements, flavorDocsUrl, flavorLogoUrl, flavorSdkDocsUrl } from "../contracts/zenmlUrls";
import type { Flavor } from "../contracts/flavor";
import type { RegistryConfig } from "../contracts/registryConfig";

type RegistryFlavor<Config extends RegistryConfig> = Flavor<"container_registry", Config>;

/** What tells one registry flavor from the others. */
export interface RegistryFlavorParts<Config extends RegistryConfig> extends Pick<
  RegistryFlavor<Config>,
  "name" | "displayName" | "description" | "configSchema"
> {
  /** Of ZenML's published logos. */
  readonly logo: string;
  /** Of the only kind of connector that fits. */
  readonly connectorType?: string;
  /** ZenML's module, if it is not in its core. */
  readonly integration?: { readonly name: string; readonly module: string };
  /** Default is `ContainerRegistry`. */
  readonly load?: RegistryFlavor<Config>["load"];
}

/**
 * A registry flavor with what all of them share: the type, ZenML's documentation, the connector's requirement, the
 * usual implementation.
 */
export function registryFlavor<Config extends RegistryConfig>(
  parts: RegistryFlavorParts<Config>,
): RegistryFlavor<Config> {
  const { name, logo, connectorType, integration, load = loadContainerRegistry, ...rest } = parts;
  const type = "container_registry";
  const module = integration?.module ?? `zenml.container_registries.${name}_container_registry`;
  return {
    ...rest,
    name,
    type,
    docsUrl: flavorDocsUrl(type, name),
    sdkDocsUrl: flavorSdkDocsUrl(type, module, { integration: integration?.name }),
    logoUrl: flavorLogoUrl(type, logo),
    serviceConnectorRequirements: {
      ...dockerRegistryRequirements,
      ...(connectorType !== undefined && { connectorType }),
    },
    load,
  };
}

const loadContainerRegistry: RegistryFlavor<RegistryConfig>["load"] = async (component, config, services) => {
  const { ContainerRegistry } = await import("../contracts/containerRegistry");
  return new ContainerRegistry(component.name, config, services);
};
