import * as z from "zod";
import { readSmallFile } from "../../border/readSmallFile";
import { ImageBuilderError, messageOf } from "../../base/errors";
import { askService, formRequest, secretText } from "../askService";
import type { ConnectorServices } from "../connectorType";
import { withoutEnd } from "../../base/trimText";
import { runTool, toolToken } from "../runTool";

const tokenSchema = z.looseObject({ access_token: secretText });

const resource = "https://management.azure.com";

/**
 * Gets an access token for Azure Resource Manager with this machine's default credentials, in the order of Azure's own
 * libraries: the environment's service principal or workload identity, the host's managed identity, the Azure CLI, the
 * virtual machine's identity.
 *
 * @throws ImageBuilderError `connectorFailed`
 */
export async function azureToken(services: ConnectorServices, signal?: AbortSignal): Promise<string> {
  const { env } = services;
  const {
    AZURE_TENANT_ID: tenant,
    AZURE_CLIENT_ID: client_id,
    AZURE_CLIENT_SECRET: client_secret,
    AZURE_FEDERATED_TOKEN_FILE: tokenFile,
  } = env;
  if (tenant && client_id && client_secret) return byGrant(tenant, { client_id, client_secret }, services, signal);
  if (tenant && client_id && tokenFile) {
    const client_assertion = (
      await readSmallFile(tokenFile).catch((error: unknown) => unreadable(tokenFile, error))
    ).trim();
    return byGrant(
      tenant,
      { client_id, client_assertion, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" },
      services,
      signal,
    );
  }
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = env;
  if (endpoint && header)
    return byIdentity(`${endpoint}?api-version=2019-08-01`, { "x-identity-header": header }, services, signal);
  const fromTool = await runTool(
    "az",
    ["account", "get-access-token", "--resource", resource, "--query", "accessToken", "--output", "tsv"],
    env,
    signal,
  );
  return fromTool === undefined ? byMachine(services, signal) : toolToken(fromTool, "az");
}

async function byGrant(
  tenant: string,
  fields: Readonly<Record<string, string>>,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<string> {
  const authority = withoutEnd(services.env["AZURE_AUTHORITY_HOST"] ?? "https://login.microsoftonline.com", "/");
  if (!authority.startsWith("https://"))
    throw new ImageBuilderError(
      "connectorFailed",
      `AZURE_AUTHORITY_HOST is "${authority}", which is not an HTTPS URL.`,
    );
  const request = formRequest(
    `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    { grant_type: "client_credentials", scope: `${resource}/.default`, ...fields },
    signal,
  );
  return (await askService(request, "sign in", tokenSchema, services)).access_token;
}

async function byMachine(services: ConnectorServices, signal: AbortSignal | undefined): Promise<string> {
  const host = withoutEnd(services.env["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? "http://169.254.169.254", "/");
  try {
    return await byIdentity(
      `${host}/metadata/identity/oauth2/token?api-version=2018-02-01`,
      { metadata: "true" },
      services,
      signal,
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw new ImageBuilderError(
      "connectorFailed",
      "This machine is not signed in to Azure. " +
        `Run "az login", or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET. (${messageOf(error)})`,
      { cause: error },
    );
  }
}

async function byIdentity(
  address: string,
  headers: Readonly<Record<string, string>>,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (!URL.canParse(address))
    throw new ImageBuilderError(
      "connectorFailed",
      "The identity endpoint in the environment is not a valid URL. " +
        "Check IDENTITY_ENDPOINT and AZURE_POD_IDENTITY_AUTHORITY_HOST.",
    );
  const url = new URL(address);
  url.searchParams.set("resource", resource);
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
