import * as z from "zod";
import { askService } from "../askService";
import type { ConnectorServices, RegistryLogin } from "../connectorType";
import type { AzureRegistry } from "../azureRegistry";

/** Each is asked on its own. */
const maxSubscriptions = 100;

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

/**
 * Returns a login as a registry's admin, whose password the resource manager of its cloud tells to those who may read
 * it; undefined where the manager knows no such registry.
 *
 * @throws ImageBuilderError `connectorFailed`
 */
export async function adminLogin(
  { host, name, cloud }: AzureRegistry,
  token: string,
  services: ConnectorServices,
  signal: AbortSignal | undefined,
): Promise<RegistryLogin | undefined> {
  const ask = <Result>(path: string, version: string, schema: z.ZodType<Result>, method = "GET") =>
    askService(
      {
        url: new URL(`${cloud.manager}${path}?api-version=${version}`),
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
    const found = registries?.find(
      ({ properties }) => properties?.loginServer?.toLowerCase() === `${name}.${cloud.domain}`,
    );
    if (!found) continue;
    const { username, passwords } = await ask(`${found.id}/listCredentials`, "2023-07-01", adminSchema, "POST");
    return { registry: host, username, password: passwords[0]?.value ?? "" };
  }
  return undefined;
}
