import { registryHost } from "../base/imageReference";
import { azureHost } from "../clouds/azureRegistry";
import { registryConfigOf } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/** Flavor for Azure Container Registry, in Azure's public and national clouds. */
export const azureRegistryFlavor = registryFlavor({
  name: "azure",
  displayName: "Azure Container Registry",
  description: "Azure Container Registry at <name>.azurecr.io",
  logo: "azure.png",
  connectorType: "azure",
  configSchema: registryConfigOf(
    (uri) => (azureHost(registryHost(uri)) ? uri : undefined),
    'use the address of an Azure registry, such as "myregistry.azurecr.io"',
  ),
});
