import * as z from "zod";
import { ImageBuilderError } from "../../base/errors";
import type { ConnectorServices, RegistryLogin } from "../connectorType";
import type { AwsSignIn } from "../awsSignIn";
import { awsCredentials } from "./awsCredentials";
import { renewalOf } from "./awsRefusal";
import { askEcr } from "./ecrClient";
import { ecrRegistry } from "../ecrRegistry";

const tokenSchema = z.looseObject({
  authorizationToken: z.base64(),
  expiresAt: z.number().min(0).nullish(),
});
/** ECR Public has one token where others list them. */
const loginSchema = z.looseObject({ authorizationData: z.union([z.array(tokenSchema).min(1), tokenSchema]) });

/** Registry to sign in to, and the sign-in to use. */
export interface EcrLoginRequest {
  readonly signIn: AwsSignIn;
  /** The region of the connector, in which sessions are made. */
  readonly region: string;
  /** Host of the registry. */
  readonly registry: string;
}

/**
 * Returns a login to ECR; it ends with its own token or with the session that fetched it, whichever is sooner.
 *
 * One token opens all registries of the region that the account may use, those of other accounts too. AWS no longer
 * needs to know the registry's account; it is sent for services that stand in for ECR.
 *
 * @throws ImageBuilderError `connectorFailed`, `connectorExpired`, `connectorInvalid` when the host is none of ECR's
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 */
export async function ecrLogin(
  { signIn, region, registry: wanted }: EcrLoginRequest,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<RegistryLogin> {
  const registry = ecrRegistry(wanted);
  if (!registry) throw new ImageBuilderError("connectorInvalid", `${wanted} is not an ECR registry.`);
  const credentials = await awsCredentials(signIn, region, services, signal);
  const renewal = renewalOf(signIn, services.env);
  const parameters =
    registry.kind === "private" && registry.account.length === 12 ? { registryIds: [registry.account] } : {};
  const { authorizationData } = await askEcr(
    { action: "GetAuthorizationToken", parameters, registry, credentials, renewal, signal },
    loginSchema,
    services,
  );
  const { authorizationToken = "", expiresAt } = [authorizationData].flat()[0] ?? {};
  const decoded = Buffer.from(authorizationToken, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 1) throw new ImageBuilderError("connectorFailed", "ECR returned no credentials.");
  const ends = [typeof expiresAt === "number" ? expiresAt * 1000 : undefined, credentials.expiresAtMs].filter(
    (end) => end !== undefined,
  );
  return {
    registry: registry.host,
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1),
    ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }),
  };
}
