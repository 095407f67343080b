import * as z from "zod";
import { parseJson } from "../../border/parseJson";
import { messageOf } from "../../base/errors";
import { askService, formRequest, secretText } from "../askService";
import type { ConnectorServices, RegistryLogin } from "../connectorType";

/** User name with which a registry accepts a token as the password. */
const tokenUser = "00000000-0000-0000-0000-000000000000";
const exchangeTimeoutMs = 5000;
const manager = "https://management.azure.com";
/** Maximum number of subscriptions to search, since each takes a request. */
const maxSubscriptions = 100;

const exchangeSchema = z.looseObject({ refresh_token: secretText });
const subscriptionsSchema = z.looseObject({
  value: z.array(z.looseObject({ subscriptionId: z.string().regex(/^[\w-]+$/) })).nullish(),
});
const registriesSchema = z.looseObject({
  value: z
    .array(
      z.looseObject({
        id: z.string().regex(/^\/[\w\-./()]+$/),
        properties: z.looseObject({ loginServer: z.string().nullish() }).nullish(),
      }),
    )
    .nullish(),
});
const adminSchema = z.looseObject({
  username: z.string().min(1),
  passwords: z.array(z.looseObject({ value: z.string().min(1) })).min(1),
});
const endSchema = z.looseObject({ exp: z.number().min(0) });

/**
 * Signs in to an Azure registry with an Azure token: exchanges it for the registry's own refresh token, which the
 * registry's token service accepts for every push. If the exchange fails, the registry's admin account is used, with a
 * warning, if the token may read it.
 *
 * @throws ImageBuilderError `connectorFailed`
 * @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
 */
export async function acrLogin(
  registry: string,
  token: string,
  services: ConnectorServices,
  signal?: AbortSignal,
): Promise<RegistryLogin> {
  try {
    const fields = { grant_type: "access_token", service: registry, access_token: token };
    const request = formRequest(`https://${registry}/oauth2/exchange`, fields, signal, exchangeTimeoutMs);
    const { refresh_token: password } = await askService(request, "exchange the token", exchangeSchema, services);
    const ends = [password, token].flatMap((each) => expiryOf(each) ?? []);
    return { registry, username: tokenUser, password, ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }) };
  } catch (error) {
    signal?.throwIfAborted();
    const login = await adminLogin(registry, token, services, signal).catch(() => undefined);
    if (!login) throw error;
    services.log.warn(
      `${registry} did not exchange the token (${messageOf(error)}), so its admin account with full access is ` +
        "used. Assign the account a role such as AcrPush.",
    );
    return login;
  }
}

async function adminLogin(
  registry: string,
  token: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<RegistryLogin | undefined> {
  const ask = <Result>(path: string, version: string, schema: z.ZodType<Result>, method = "GET") =>
    askService(
      {
        url: new URL(`${manager}${path}?api-version=${version}`),
        method,
        headers: { authorization: `Bearer ${token}` },
        signal,
      },
      "read the registry's admin account",
      schema,
      services,
    );
  const { value: subscriptions } = await ask("/subscriptions", "2022-12-01", subscriptionsSchema);
  for (const { subscriptionId } of (subscriptions ?? []).slice(0, maxSubscriptions)) {
    const { value: registries } = await ask(
      `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`,
      "2023-07-01",
      registriesSchema,
    );
    const found = registries?.find(({ properties }) => properties?.loginServer === registry);
    if (!found) continue;
    const { username, passwords } = await ask(`${found.id}/listCredentials`, "2023-07-01", adminSchema, "POST");
    return { registry, username, password: passwords[0]?.value ?? "" };
  }
  return undefined;
}

/**
 * Returns the expiration of a JSON Web Token in milliseconds since 1970; undefined if there is none, or if the text is
 * no such token.
 */
function expiryOf(token: string): number | undefined {
  const claims = parseJson(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  const { exp } = endSchema.safeParse(claims).data ?? {};
  return exp === undefined ? undefined : exp * 1000;
}
