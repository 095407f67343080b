import * as z from "zod";
import { ImageBuilderError } from "../../base/errors";
import type { ConnectorServices, RegistryLogin } from "../connectorType";
import type { AwsSignIn } from "../awsSignIn";
import { awsCredentials } from "./awsCredentials";
import { askEcr } from "./ecrClient";

const loginSchema = z.looseObject({
  authorizationData: z
    .array(
      z.looseObject({
        authorizationToken: z.base64(),
        expiresAt: z.number().min(0).nullish(),
        proxyEndpoint: z.string(),
      }),
    )
    .min(1),
});

/** Registry to sign in to, and the sign-in to use. */
export interface EcrLoginQuestion {
  readonly signIn: AwsSignIn;
  readonly region: string;
  /** Host of the registry. */
  readonly registry: string;
}

/**
 * Signs in to ECR. The login expires with its own token or with the session that fetched it, whichever is sooner.
 *
 * @throws ImageBuilderError `connectorFailed`, or `connectorInvalid` if the account has another registry
 */
export async function ecrLogin(
  { signIn, region, registry }: EcrLoginQuestion,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<RegistryLogin> {
  const credentials = await awsCredentials(signIn, region, services, signal);
  const { authorizationData } = await askEcr(
    { action: "GetAuthorizationToken", region, credentials, signal },
    loginSchema,
    services,
  );
  const { authorizationToken = "", expiresAt, proxyEndpoint = "" } = authorizationData[0] ?? {};
  const decoded = Buffer.from(authorizationToken, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 1) throw new ImageBuilderError("connectorFailed", "ECR returned no credentials.");
  const own = proxyEndpoint.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
  if (own !== registry) {
    throw new ImageBuilderError(
      "connectorInvalid",
      `the credentials are for the registry ${own} and do not allow access to ${registry}. ` +
        "Choose a connector for that account.",
    );
  }
  const ends = [typeof expiresAt === "number" ? expiresAt * 1000 : undefined, credentials.expiresAtMs].filter(
    (end) => end !== undefined,
  );
  return {
    registry: own,
    username: decoded.slice(0, colon),
    password: decoded.slice(colon + 1),
    ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }),
  };
}
