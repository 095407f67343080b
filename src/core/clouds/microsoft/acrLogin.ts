import { ImageBuilderError, messageOf } from "../../base/errors";
import { withoutEnd } from "../../base/trimText";
import type { ConnectorServices, RegistryLogin } from "../connectorType";
import { adminLogin } from "./acrAdmin";
import { exchangeToken, isRefused, type RefusedExchange } from "./acrExchange";
import { azureHost, azureClouds, registryAudience, type AzureRegistry } from "../azureRegistry";
import { azureToken } from "./azureToken";
import { claimsOf } from "./claims";

/**
 * Returns a login to an Azure registry for a token of Azure's: the registry's own refresh token, which its token
 * service takes for every push. Where the registry refuses the exchange, its admin account is used if the token may
 * read it, with a warning.
 *
 * @throws ImageBuilderError `connectorFailed`, `connectorExpired`
 * @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 */
export async function acrLogin(
  host: string,
  token: string,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<RegistryLogin> {
  const registry = registryAt(host);
  const answer = await exchangeToken(registry, token, services, signal);
  if (!isRefused(answer)) return answer;
  return (await asAdmin(registry, token, answer, services, signal)) ?? fail(withReason(answer, registry, token));
}

/**
 * Returns a login as this machine is signed in: by a token for the resource manager, which most registries take, or by
 * one for registries alone, where only that is accepted.
 *
 * @throws ImageBuilderError `connectorFailed`
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm
 */
export async function implicitAcrLogin(
  host: string,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<RegistryLogin> {
  const registry = registryAt(host);
  const { cloud } = registry;
  const token = await azureToken(services, signal, { cloud, audience: cloud.manager });
  const first = await exchangeToken(registry, token, services, signal);
  if (!isRefused(first)) return first;
  // No other token gets past a firewall.
  const second = first.isFirewall ? first : await exchangeOwn(registry, services, signal);
  if (second && !isRefused(second)) return second;
  const refused = second ?? first;
  return (await asAdmin(registry, token, refused, services, signal)) ?? fail(refused.error);
}

/** Undefined where there is no such token: not all sign-ins give one. */
async function exchangeOwn(registry: AzureRegistry, services: ConnectorServices, signal: AbortSignal | undefined) {
  const question = { cloud: registry.cloud, audience: registryAudience };
  const token = await azureToken(services, signal, question).catch((error: unknown) => {
    signal?.throwIfAborted();
    services.log.debug(`There is no token for registries alone (${messageOf(error)}).`);
    return undefined;
  });
  return token === undefined ? undefined : exchangeToken(registry, token, services, signal);
}

async function asAdmin(
  registry: AzureRegistry,
  token: string,
  { error, isFirewall }: RefusedExchange,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<RegistryLogin | undefined> {
  if (isFirewall) return undefined;
  const login = await adminLogin(registry, token, services, signal).catch(() => undefined);
  signal?.throwIfAborted();
  if (login)
    services.log.warn(
      `${registry.host} did not exchange the token (${messageOf(error)}), so its admin account with full access is ` +
        "used. Assign the account a role such as AcrPush.",
    );
  return login;
}

/** Says what is wrong with a token that is refused, where the token itself tells. */
function withReason({ error, isFirewall }: RefusedExchange, { host, cloud }: AzureRegistry, token: string): Error {
  const { exp, aud } = claimsOf(token);
  if (isFirewall) return error;
  if (exp !== undefined && exp * 1000 < Date.now())
    return new ImageBuilderError(
      "connectorExpired",
      `The access token has expired: ${error.message} Update the connector with a new one.`,
      { cause: error },
    );
  const audience = withoutEnd(aud ?? "", "/");
  const owner = azureClouds.find(({ manager, olderAudience }) => [manager, olderAudience].includes(audience));
  if (!owner) return error;
  const remedy =
    owner === cloud
      ? `If ${host} doesn't accept tokens for Azure Resource Manager, use one for ${registryAudience}.`
      : `The token is for the cloud ${owner.name}, but the registry is in ${cloud.name}. Use a token for ` +
        `${cloud.manager}.`;
  return new ImageBuilderError("connectorFailed", `${error.message} ${remedy}`, { cause: error });
}

/** A token is sent to registries of Azure alone. */
function registryAt(host: string): AzureRegistry {
  return azureHost(host) ?? fail(new ImageBuilderError("connectorInvalid", `"${host}" is not an Azure registry.`));
}

function fail(error: Error): never {
  throw error;
}
