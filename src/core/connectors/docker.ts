import * as z from "zod";
import { ImageBuilderError } from "../base/errors";
import { canonicalHost } from "../base/imageReference";
import { clearTextField, secretField } from "../config/configFields";
import { authMethod } from "../clouds/authMethod";
import type { ConnectorType } from "../clouds/connectorType";

const passwordSchema = z.strictObject({
  username: z.string().min(1).meta({ description: "User name" }),
  password: secretField({ plainText: "refused", description: "Password or token" }),
  registry: clearTextField("Registry host; Docker Hub by default").optional(),
});

/** Connector type with a user name and a password for any registry. */
export const dockerConnector: ConnectorType = {
  name: "docker",
  displayName: "Docker",
  description: "User name and password or token for one registry",
  resourceType: "docker-registry",
  isSingleInstance: true,
  canonicalId: dockerRegistryId,
  authMethods: {
    password: authMethod<z.infer<typeof passwordSchema>>({
      displayName: "User name and password",
      configSchema: passwordSchema,
      defaultId: ({ registry }) => registry ?? "docker.io",
      async login({ config: { username, password }, resourceId }) {
        return { registry: resourceId, username, password };
      },
    }),
  },
};

/** Returns the host and port of an address with scheme and path: `https://index.docker.io/v1/x` is `docker.io`. */
function dockerRegistryId(id: string): string {
  const host = /^(?:https?:\/\/)?((?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[a-f0-9:]+\])(?::[0-9]+)?)(?:\/.*)?$/i.exec(
    id.trim(),
  )?.[1];
  if (host === undefined)
    throw new ImageBuilderError(
      "connectorInvalid",
      `"${id}" is not a registry address. Enter a host, such as "ghcr.io" or "localhost:5000".`,
    );
  return canonicalHost(host);
}
