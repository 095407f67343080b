import * as z from "zod";
import { readSmallFile } from "../../border/readSmallFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { askService, formRequest, secretText } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { azureClouds, publicCloud, type AzureCloud } from "../azureRegistry";
import { withoutEnd } from "../../base/trimText";
import { runTool, toolToken } from "../runTool";

const tokenSchema = z.looseObject({ access_token: secretText });

/** Token to request. */
export interface TokenTarget {
  /** Address that issues it. */
  readonly cloud: AzureCloud;
  /** The service that it is for. */
  readonly audience: string;
}

/** Request for a token. */
interface AzureTokenRequest {
  readonly services: ConnectorServices;
  readonly target: TokenTarget;
  readonly signal: AbortSignal | undefined;
}

/**
 * Returns an access token as this machine is signed in, by the order of Azure's own libraries: the environment's
 * service principal or workload identity, the host's managed identity, the Azure CLI, the virtual machine's identity.
 *
 * @param target default is the resource manager of the public cloud
 * @throws ImageBuilderError `connectorFailed`
 */
export async function azureToken(
  services: ConnectorServices,
  signal?: AbortSignal,
  target: TokenTarget = { cloud: publicCloud, audience: publicCloud.manager },
): Promise<string> {
  const { env } = services;
  const question: AzureTokenRequest = { services, target, signal };
  const {
    AZURE_TENANT_ID: tenant,
    AZURE_CLIENT_ID: client_id,
    AZURE_CLIENT_SECRET: client_secret,
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
  } = env;
  if (tenant && client_id && client_secret) return byGrant(tenant, { client_id, client_secret }, question);
  if (tenant && client_id && tokenFile) {
    const client_assertion = (
      await readSmallFile(tokenFile).catch((error: unknown) => unreadable(tokenFile, error))
    ).trim();
    return byGrant(
      tenant,
      { client_id, client_assertion, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" },
      question,
    );
  }
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = env;
  if (endpoint && header)
    return byIdentity(`${endpoint}?api-version=2019-08-01`, { "x-identity-header": header }, question);
  const fromTool = await runTool(
    "az",
    ["account", "get-access-token", "--resource", target.audience, "--query", "accessToken", "--output", "tsv"],
    env,
    signal,
  );
  return fromTool === undefined ? byMachine(question) : toolToken(fromTool, "az");
}

async function byGrant(
  tenant: string,
  fields: Readonly<Record<string, string>>,
  { services, target, signal }: AzureTokenRequest,
): Promise<string> {
  const request = formRequest(
    `${authorityOf(target.cloud, services.env)}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    { grant_type: "client_credentials", scope: `${target.audience}/.default`, ...fields },
    signal,
  );
  return (await askService(request, "sign in", tokenSchema, services)).access_token;
}

/** The environment may name another authority, such as one of a cloud that is not listed, but not another cloud's. */
function authorityOf(cloud: AzureCloud, env: NodeJS.ProcessEnv): string {
  const named = withoutEnd(env["AZURE_AUTHORITY_HOST"] ?? "", "/");
  if (named === "") return cloud.authorities[0];
  const says = (what: string) =>
    new ImageBuilderError("connectorFailed", `AZURE_AUTHORITY_HOST is "${named}", which ${what}.`);
  if (!named.startsWith("https://")) throw says("is not an HTTPS URL");
  const owner = azureClouds.find(({ authorities }) => authorities.includes(named.toLowerCase()));
  if (owner && owner !== cloud)
    throw says(
      `is for the cloud ${owner.name}, but the registry is in ${cloud.name}. Unset it, or set it to ` +
        `"${cloud.authorities[0]}"`,
    );
  return named;
}

async function byMachine(question: AzureTokenRequest): Promise<string> {
  const { services, target, signal } = question;
  const host = withoutEnd(services.env["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? "http://169.254.169.254", "/");
  try {
    return await byIdentity(
      `${host}/metadata/identity/oauth2/token?api-version=2018-02-01`,
      { metadata: "true" },
      question,
    );
  } catch (error) {
    signal?.throwIfAborted();
    const { name } = target.cloud;
    const [where, choose] =
      target.cloud === publicCloud ? ["Azure", ""] : [`the cloud ${name}`, `"az cloud set --name ${name}" and `];
    throw new ImageBuilderError(
      "connectorFailed",
      `This machine is not signed in to ${where}. Run ${choose}"az login", ` +
        `or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. (${messageOf(error)})`,
      { cause: error },
    );
  }
}

async function byIdentity(
  address: string,
  headers: Readonly<Record<string, string>>,
  { services, target, signal }: AzureTokenRequest,
): Promise<string> {
  if (!URL.canParse(address))
    throw new ImageBuilderError(
      "connectorFailed",
      "The identity endpoint in the environment is not a valid URL. " +
        "Check IDENTITY_ENDPOINT and AZURE_POD_IDENTITY_AUTHORITY_HOST.",
    );
  const url = new URL(address);
  url.searchParams.set("resource", target.audience);
  const { AZURE_CLIENT_ID: identity } = services.env;
  if (identity) url.searchParams.set("client_id", identity);
  return (await askService({ url, headers, timeoutMs: 3000, signal }, "get a token", tokenSchema, services))
    .access_token;
}

function unreadable(file: string, error: unknown): never {
  throw new ImageBuilderError(
    "connectorFailed",
    `Can't read the file "${file}" named by AZURE_FEDERATED_TOKEN_FILE (${messageOf(error)}). ` +
      "Check that it exists and is readable.",
    { cause: error },
  );
}
