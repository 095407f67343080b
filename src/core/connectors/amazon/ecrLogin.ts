import { ImageBuilderError } from "../../errors";
import type { Answer } from "../askService";
import type { ConnectorServices, RegistryLogin } from "../connectorType";
import { awsCredentials, type AwsSignIn } from "./awsCredentials";
import { askEcr } from "./ecrClient";

/** Which registry to sign in to, and how. */
export interface EcrLoginQuestion {
  readonly signIn: AwsSignIn;
  readonly region: string;
  /** The host that is wanted. */
  readonly registry: string;
}

/**
 * A login to ECR; it ends with its own token or with the session that fetched it, whichever is sooner.
 *
 * @throws ImageBuilderError `connectorFailed`, `connectorInvalid` when the account's registry is another
 */
export async function ecrLogin({ signIn, region, registry }: EcrLoginQuestion, services: ConnectorServices, signal?: AbortSignal): Promise<RegistryLogin> {
  const credentials = await awsCredentials(signIn, region, services, signal);
  const answer = await askEcr({ action: "GetAuthorizationToken", region, credentials, signal }, services);
  const [data] = (Array.isArray(answer["authorizationData"]) ? answer["authorizationData"] : []) as readonly Answer[];
  const { authorizationToken, expiresAt, proxyEndpoint } = data ?? {};
  const decoded = typeof authorizationToken === "string" ? Buffer.from(authorizationToken, "base64").toString("utf8") : "";
  const colon = decoded.indexOf(":");
  if (colon < 1 || typeof proxyEndpoint !== "string") throw new ImageBuilderError("connectorFailed", "ECR answered without a login.");
  const own = proxyEndpoint.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
  if (own !== registry) {
    throw new ImageBuilderError("connectorInvalid", `the credentials are of the registry ${own} and do not allow access to ${registry}: choose a connector of that account.`);
  }
  const ends = [typeof expiresAt === "number" ? expiresAt * 1000 : undefined, credentials.expiresAtMs].filter((end) => end !== undefined);
  return { registry: own, username: decoded.slice(0, colon), password: decoded.slice(colon + 1), ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }) };
}
