import * as z from "zod";
import { ImageBuilderError } from "../base/errors";
import { secretField } from "../config/configFields";
import { azureRegistry, publicCloud } from "../clouds/azureRegistry";
import { authMethod } from "../clouds/authMethod";
import type { ConnectorType } from "../clouds/connectorType";

const servicePrincipalSchema = z.strictObject({
  tenantId: z.string().min(1).meta({ description: "Directory (tenant) ID" }),
  clientId: z.string().min(1).meta({ description: "Application (client) ID" }),
  clientSecret: secretField({ plainText: "refused", description: "Client secret" }),
});
const accessTokenSchema = z.strictObject({
  token: secretField({ plainText: "refused", description: "Access token for Azure Resource Manager" }),
});

/** Connector type for Azure Container Registry. */
export const azureConnector: ConnectorType = {
  name: "azure",
  displayName: "Microsoft Azure",
  description: "Azure Container Registry, with a service principal, a token or a signed-in account",
  resourceType: "docker-registry",
  isSingleInstance: false,
  canonicalId: azureRegistryId,
  isSameRegistry: isSame,
  // All registries of this domain belong to Azure, and an application or account may have several.
  secretHost: (id) => (azureRegistry(id ?? "")?.cloud ?? publicCloud).domain,
  authMethods: {
    implicit: authMethod<object>({
      displayName: "Default credentials",
      configSchema: z.strictObject({}),
      isImplicit: true,
      async login({ resourceId, services, signal }) {
        const { implicitAcrLogin } = await import("../clouds/microsoft/acrLogin");
        return implicitAcrLogin(resourceId, services, signal);
      },
    }),
    "service-principal": authMethod<z.infer<typeof servicePrincipalSchema>>({
      displayName: "Service principal",
      configSchema: servicePrincipalSchema,
      // The registry accepts the principal itself, and exchanges it when an image is pushed.
      async login({ config: { clientId, clientSecret }, resourceId }) {
        return { registry: resourceId, username: clientId, password: clientSecret };
      },
    }),
    "access-token": authMethod<z.infer<typeof accessTokenSchema>>({
      displayName: "Access token",
      configSchema: accessTokenSchema,
      async login({ config: { token }, resourceId, services, signal }) {
        const { acrLogin } = await import("../clouds/microsoft/acrLogin");
        return acrLogin(resourceId, token, services, signal);
      },
    }),
  },
};

/** Returns the host of a registry, of an address or the mere name. */
function azureRegistryId(id: string): string {
  const registry = azureRegistry(id);
  if (registry) return registry.host;
  throw new ImageBuilderError(
    "connectorInvalid",
    `"${id}" is not an Azure registry. Use the form "myregistry.azurecr.io" or "myregistry".`,
  );
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [azureRegistry(one), azureRegistry(other)];
  return first !== undefined && first.name === second?.name && first.cloud === second.cloud;
}
