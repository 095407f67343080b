import { dockerRegistryRequirements, flavorDocsUrl, flavorLogoUrl, flavorSdkDocsUrl } from "../contracts/zenmlUrls";
import type { Flavor } from "../contracts/flavor";
import type { RegistryConfig } from "../contracts/registryConfig";

type RegistryFlavor<Config extends RegistryConfig> = Flavor<"container_registry", Config>;

/** Properties in which registry flavors differ. */
export interface RegistryFlavorParts<Config extends RegistryConfig> extends Pick<
  RegistryFlavor<Config>,
  "name" | "displayName" | "description" | "configSchema"
> {
  /** File name of a logo that ZenML publishes. */
  readonly logo: string;
  /** Name of the only supported connector type; undefined if all are supported. */
  readonly connectorType?: string;
  /** Integration and module of ZenML, if the flavor is not in its core. */
  readonly integration?: { readonly name: string; readonly module: string };
  /** Default creates a `ContainerRegistry`. */
  readonly load?: RegistryFlavor<Config>["load"];
}

/**
 * Creates a registry flavor with the common properties: the type, ZenML's documentation, the connector requirements,
 * the default implementation.
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
