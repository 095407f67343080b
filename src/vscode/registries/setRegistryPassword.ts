import * as vscode from "vscode";
import { loginRequest } from "../../core/consent/requests";
import { registryHost } from "../../core/base/imageReference";
import { targetOf } from "../settings/componentSettings";
import { freeSecretName } from "../components/questions/freeSecretName";
import { askLogin } from "../components/questions/askLogin";
import { back } from "../ui/back";
import { pickRegistry, secretNameOf } from "./pickRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Stores a user name and password for a registry, replacing the previous ones. */
export async function setRegistryPassword(
  { core, secrets, trusted, refresh }: WithCore & WithRefresh & WithSecrets & WithTrusted,
  target?: unknown,
): Promise<void> {
  const title = vscode.l10n.t("Set Registry Password");
  const registry = await pickRegistry(title, target);
  if (!registry) return;
  const { config } = await core.implementation("container_registry", registry.name);
  const secretName = secretNameOf(registry) ?? (await freeSecretName(secrets, registry.name));
  const host = registryHost(config.uri);
  const login = await askLogin({ title: `${title}: ${registry.name}`, canGoBack: false, mayBeEmpty: false });
  if (!login || login === back) return;
  await secrets.save(secretName, { host, ...login });
  await trusted.allow(loginRequest(registry, secretName, host));
  if (secretNameOf(registry) === undefined) {
    await (
      await core.components(targetOf(registry))
    ).update(registry.type, registry.name, { configuration: { authenticationSecret: secretName } });
  }
  refresh.fire();
}
