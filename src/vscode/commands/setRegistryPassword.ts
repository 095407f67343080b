import * as vscode from "vscode";
import { loginRequest } from "../../core/consent/requests";
import { registryHost } from "../../core/imageReference";
import { targetOf } from "../components/componentSettings";
import { freeSecretName } from "../components/freeSecretName";
import { askLogin } from "../questions/askLogin";
import { back } from "../questions/back";
import { pickRegistry, secretNameOf } from "../questions/pickRegistry";
import type { Services } from "../services";

/** Stores a user name and a password for a registry, in place of those it had. */
export async function setRegistryPassword({ core, secrets, trusted, refresh }: Services, target?: unknown): Promise<void> {
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
    await (await core.components(targetOf(registry))).update(registry.type, registry.name, { configuration: { authenticationSecret: secretName } });
  }
  refresh.fire();
}
