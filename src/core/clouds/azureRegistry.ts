/** One of Azure's clouds, each with sign-ins and services of its own. */
export interface AzureCloud {
  /** As the Azure CLI names it. */
  readonly name: string;
  /** The domain of its registries. */
  readonly domain: string;
  /** Addresses at which its accounts sign in, the usual one first. */
  readonly authorities: readonly [string, ...string[]];
  /** The resource manager, which also is the audience of its tokens. */
  readonly manager: string;
  /** Another audience of the resource manager's tokens, of the service that was there before. */
  readonly olderAudience: string;
}

/** A registry of Azure. */
export interface AzureRegistry {
  /** In lower case. */
  readonly host: string;
  readonly name: string;
  readonly cloud: AzureCloud;
}

/** The audience of tokens for registries alone, in all clouds. */
export const registryAudience = "https://containerregistry.azure.net";

/** The cloud that is meant where nothing names one. */
export const publicCloud: AzureCloud = {
  name: "AzureCloud",
  domain: "azurecr.io",
  authorities: ["https://login.microsoftonline.com", "https://login.windows.net", "https://login.microsoft.com"],
  manager: "https://management.azure.com",
  olderAudience: "https://management.core.windows.net",
};

/** @see https://learn.microsoft.com/azure/developer/identity/authentication-national-cloud */
export const azureClouds: readonly AzureCloud[] = [
  publicCloud,
  {
    name: "AzureUSGovernment",
    domain: "azurecr.us",
    authorities: ["https://login.microsoftonline.us", "https://login.usgovcloudapi.net"],
    manager: "https://management.usgovcloudapi.net",
    olderAudience: "https://management.core.usgovcloudapi.net",
  },
  {
    name: "AzureChinaCloud",
    domain: "azurecr.cn",
    authorities: ["https://login.chinacloudapi.cn", "https://login.partner.microsoftonline.cn"],
    manager: "https://management.chinacloudapi.cn",
    olderAudience: "https://management.core.chinacloudapi.cn",
  },
];

/**
 * Reads which registry of Azure a host is: `<name>.azurecr.io`, or one of its replicas at
 * `<name>.<region>.geo.azurecr.io`. Undefined for all other hosts, to which no token of Azure is sent.
 *
 * @param host without a scheme, port, and path
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-endpoint-reference
 */
export function azureHost(host: string): AzureRegistry | undefined {
  if (host.length > 253) return undefined;
  const lower = host.toLowerCase();
  const [, name, domain] =
    /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.(?:[a-z0-9]{1,40}\.geo\.)?(azurecr\.[a-z]{2})$/.exec(lower) ?? [];
  const cloud = azureClouds.find((each) => each.domain === domain);
  return name === undefined || !cloud ? undefined : { host: lower, name, cloud };
}

/** Reads which registry of Azure is meant by an address, whose scheme and path are dropped, or by its mere name. */
export function azureRegistry(text: string): AzureRegistry | undefined {
  const [, host = ""] = /^(?:https?:\/\/)?([^/\s]{1,253})(?:\/\S*)?$/i.exec(text.trim().slice(0, 2_048)) ?? [];
  return azureHost(host.includes(".") ? host : `${host}.${publicCloud.domain}`);
}
