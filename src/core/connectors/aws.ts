import * as z from "zod";
import { ImageBuilderError } from "../base/errors";
import { secretField } from "../config/configFields";
import type { AwsSignIn } from "../clouds/awsSignIn";
import { ecrRegistry, isOpenedFrom, isSameEcrRegistry } from "../clouds/ecrRegistry";
import { partitionOf } from "../clouds/awsPartitions";
import { authMethod } from "../clouds/authMethod";
import type { AuthMethod, ConnectorType } from "../clouds/connectorType";

const region = z
  .string()
  .regex(/^[a-z]{2,}(?:-[a-z]+)+-\d+$/, { error: 'enter a region, such as "us-east-1"' })
  .meta({ description: "Region of the registry" });
const keys = {
  region,
  accessKeyId: z.string().min(1).meta({ description: "Access key ID" }),
  secretAccessKey: secretField({ plainText: "refused", description: "Secret access key" }),
};
const roleArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, {
    error: 'enter a role ARN, such as "arn:aws:iam::123456789012:role/pusher"',
  })
  .meta({ description: "ARN of the role to assume" });
const sessionToken = secretField({ plainText: "refused", description: "Session token" });
const lasting = (defaultSeconds: number, most: number) =>
  z.int().min(900).max(most).default(defaultSeconds).meta({ description: "How long a login is valid, in seconds" });

/** Creates an authentication method for Amazon. */
function method<Config extends { readonly region: string }>(
  parts: Pick<AuthMethod<Config>, "displayName" | "configSchema" | "isImplicit">,
  signIn: (config: Config) => AwsSignIn,
): AuthMethod {
  return authMethod<Config>({
    ...parts,
    awsSignIn: signIn,
    async login({ config, resourceId, services, signal }) {
      const { ecrLogin } = await import("../clouds/amazon/ecrLogin");
      return ecrLogin({ signIn: signIn(config), region: config.region, registry: resourceId }, services, signal);
    },
  });
}

/** Connector type for Amazon's Elastic Container Registry. */
export const awsConnector: ConnectorType = {
  name: "aws",
  displayName: "Amazon Web Services",
  description: "Elastic Container Registry, with an access key, a role or a session",
  resourceType: "docker-registry",
  isSingleInstance: true,
  canonicalId: (id, config) => ecrRegistryId(id, (config as { readonly region?: string }).region),
  isSameRegistry: isSame,
  // Keys go to the services of their own partition of AWS.
  secretHost: domainOf,
  authMethods: {
    implicit: method(
      {
        displayName: "Default credentials",
        configSchema: z.strictObject({
          region,
          profile: z.string().min(1).optional().meta({ description: "AWS profile" }),
        }),
        isImplicit: true,
      },
      ({ profile }) => ({ kind: "implicit", profile }),
    ),
    "secret-key": method({ displayName: "Secret key", configSchema: z.strictObject(keys) }, (config) => ({
      kind: "keys",
      keys: config,
    })),
    "sts-token": method(
      { displayName: "Temporary credentials", configSchema: z.strictObject({ ...keys, sessionToken }) },
      (config) => ({ kind: "keys", keys: config }),
    ),
    "iam-role": method(
      {
        displayName: "IAM role",
        configSchema: z.strictObject({ ...keys, roleArn, expirationSeconds: lasting(3600, 43_200) }),
      },
      (config) => ({
        kind: "session",
        keys: config,
        action: {
          Action: "AssumeRole",
          RoleArn: config.roleArn,
          RoleSessionName: "image-builders",
          DurationSeconds: String(config.expirationSeconds),
        },
      }),
    ),
    "session-token": method(
      {
        displayName: "Session token",
        configSchema: z.strictObject({ ...keys, expirationSeconds: lasting(43_200, 129_600) }),
      },
      (config) => ({
        kind: "session",
        keys: config,
        action: { Action: "GetSessionToken", DurationSeconds: String(config.expirationSeconds) },
      }),
    ),
    "federation-token": method(
      {
        displayName: "Federation token",
        configSchema: z.strictObject({
          ...keys,
          policy: z.string().optional().meta({ description: "Session policy, as JSON" }),
          expirationSeconds: lasting(43_200, 129_600),
        }),
      },
      (config) => ({
        kind: "session",
        keys: config,
        action: {
          Action: "GetFederationToken",
          Name: "image-builders",
          DurationSeconds: String(config.expirationSeconds),
          Policy: config.policy ?? ecrPolicy,
        },
      }),
    ),
  },
};

/** Without a policy, a federation token has no permissions. */
const ecrPolicy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "ecr:*", Resource: "*" }],
});

/** Returns the host of a registry as it is written, of a repository's ARN or an address. */
function ecrRegistryId(id: string, configured: string | undefined): string {
  const registry = ecrRegistry(id);
  if (!registry) {
    throw new ImageBuilderError(
      "connectorInvalid",
      `"${id}" is not an ECR registry. ` +
        'Use the form "123456789012.dkr.ecr.us-east-1.amazonaws.com" or "public.ecr.aws", or a repository ARN.',
    );
  }
  if (configured === undefined || isOpenedFrom(configured, registry)) return registry.host;
  const where =
    registry.kind === "private"
      ? `is in the region "${registry.region}", but the connector is for "${configured}"`
      : `is not available in the region "${configured}" of the connector`;
  throw new ImageBuilderError("connectorInvalid", `"${id}" ${where}. Choose another connector.`);
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [ecrRegistry(one), ecrRegistry(other)];
  return first !== undefined && second !== undefined && isSameEcrRegistry(first, second);
}

function domainOf(id: string | undefined, config: object): string {
  const { region = "" } = config as { readonly region?: string };
  return (id === undefined ? undefined : ecrRegistry(id)?.domain) ?? partitionOf(region).domain;
}
