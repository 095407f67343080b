import { messageOf } from "../../errors";
import { askService, formRequest, textIn, type Answer } from "../askService";
import type { ConnectorServices, RegistryLogin } from "../connectorType";

/** The user name under which a registry takes a token as the password. */
const tokenUser = "00000000-0000-0000-0000-000000000000";
const exchangeTimeoutMs = 5000;
const manager = "https://management.azure.com";

/**
 * A login to an Azure registry for a token of Azure's: the registry's own refresh token, which its token service takes for every push.
 * Where the registry refuses the exchange, its admin account is used if the token may read it, with a warning.
 *
 * @throws ImageBuilderError `connectorFailed`
 * @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 */
export async function acrLogin(registry: string, token: string, services: ConnectorServices, signal?: AbortSignal): Promise<RegistryLogin> {
  try {
    const fields = { grant_type: "access_token", service: registry, access_token: token };
    const answer = await askService(formRequest(`https://${registry}/oauth2/exchange`, fields, signal, exchangeTimeoutMs), "exchange the token", services);
    const password = textIn(answer, "refresh_token", registry);
    const ends = [password, token].flatMap((each) => expiryOf(each) ?? []);
    return { registry, username: tokenUser, password, ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }) };
  } catch (error) {
    signal?.throwIfAborted();
    const login = await adminLogin(registry, token, services, signal).catch(() => undefined);
    if (!login) throw error;
    services.log.warn(`${registry} did not exchange the token (${messageOf(error)}), so its admin account is used, which may do everything: give the account a role such as AcrPush.`);
    return login;
  }
}

async function adminLogin(registry: string, token: string, services: ConnectorServices, signal: AbortSignal | undefined): Promise<RegistryLogin | undefined> {
  const ask = (path: string, version: string, method = "GET") =>
    askService({ url: new URL(`${manager}${path}?api-version=${version}`), method, headers: { authorization: `Bearer ${token}` }, signal }, "read the registry's admin account", services);
  for (const { subscriptionId } of listIn(await ask("/subscriptions", "2022-12-01"), "value")) {
    const registries = listIn(await ask(`/subscriptions/${String(subscriptionId)}/providers/Microsoft.ContainerRegistry/registries`, "2023-07-01"), "value");
    const found = registries.find(({ properties }) => (properties as Answer | undefined)?.["loginServer"] === registry);
    if (!found) continue;
    const answer = await ask(`${textIn(found, "id", manager)}/listCredentials`, "2023-07-01", "POST");
    const [password] = listIn(answer, "passwords");
    return { registry, username: textIn(answer, "username", manager), password: textIn(password ?? {}, "value", manager) };
  }
  return undefined;
}

function listIn(answer: Answer, field: string): readonly Answer[] {
  const value = answer[field];
  return Array.isArray(value) ? (value as readonly Answer[]) : [];
}

/** When a JSON Web Token ends; nothing when it is none, or does not say. */
function expiryOf(token: string): number | undefined {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as { readonly exp?: unknown };
    return typeof exp === "number" ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
