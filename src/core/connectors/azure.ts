import * as z from "zod";
import { ImageBuilderError } from "../base/errors";
import { secretField } from "../config/configFields";
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
  // All registries of this domain belong to Azure, and an application or account may have several.
  secretHost: (id) => id?.replace(/^[^.]*\./, "") ?? "azurecr.io",
  authMethods: {
    implicit: authMethod<object>({
      displayName: "Default credentials",
      configSchema: z.strictObject({}),
      isImplicit: true,
      async login({ resourceId, services, signal }) {
        const [{ azureToken }, { acrLogin }] = await Promise.all([
          import("../clouds/microsoft/azureToken"),
          import("../clouds/microsoft/acrLogin"),
        ]);
        return acrLogin(resourceId, await azureToken(services, signal), services, signal);
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

/** Converts an address or a registry's name to `<name>.azurecr.io`. */
function azureRegistryId(id: string): string {
  const [, name, domain = "azurecr.io"] =
    /^(?:https?:\/\/)?([a-z0-9-]+)(?:\.(azurecr\.(?:io|cn|us))(?:\/.*)?)?$/i.exec(id.trim()) ?? [];
  if (name === undefined)
    throw new ImageBuilderError(
      "connectorInvalid",
      `"${id}" is not an Azure registry. Use the form "myregistry.azurecr.io" or "myregistry".`,
    );
  return `${name.toLowerCase()}.${domain.toLowerCase()}`;
}
