import { registryConfigSchema } from "../contracts/registryConfig";
import { registryFlavor } from "./registryFlavor";

/**
 * Any registry that speaks the Distribution API: on this machine, self-hosted or a service without a flavor of its own.
 */
export const defaultRegistryFlavor = registryFlavor({
  name: "default",
  displayName: "Container registry",
  description: "Any registry that supports the Distribution API",
  logo: "local.svg",
  configSchema: registryConfigSchema,
});
