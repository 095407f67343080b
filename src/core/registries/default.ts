import { registryConfigSchema } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/**
 * Flavor for any registry that supports the Distribution API: on this machine, self-hosted, or a service without its
 * own flavor.
 */
export const defaultRegistryFlavor = registryFlavor({
  name: "default",
  displayName: "Container registry",
  description: "Any registry that supports the Distribution API",
  logo: "local.svg",
  configSchema: registryConfigSchema,
});
