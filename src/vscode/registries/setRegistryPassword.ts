import * as vscode from "vscode";
import { loginRequest } from "../../core/consent/requests";
import { registryHost } from "../../core/base/imageReference";
import { targetOf } from "../settings/componentSettings";
import { freeSecretName } from "../components/questions/freeSecretName";
import type { ContainerRegistry } from "../../core/contracts/containerRegistry";
import { tryLogin } from "../components/questions/tryLogin";
import type { Login } from "../components/questions/askLogin";
import { askRegistryLogin } from "../components/questions/askRegistryLogin";
import { back } from "../ui/back";
import { usersInWords } from "../secrets/secretUsers";
import { pickRegistry, secretNameOf } from "./pickRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Stores a user name and a password for a registry, in place of those it had; a secret that others use is kept. */
export async function setRegistryPassword(
  { core, secrets, trusted, refresh }: WithCore & WithRefresh & WithSecrets & WithTrusted,
  target?: unknown,
): Promise<void> {
  const title = vscode.l10n.t("Sign In");
  const registry = await pickRegistry(title, target);
  if (!registry) return;
  const implementation = await core.implementation("container_registry", registry.name);
  const before = secretNameOf(registry);
  const isShared = before !== undefined && usersInWords(before).length > 1;
  const secretName = isShared || before === undefined ? await freeSecretName(secrets, registry.name) : before;
  const host = registryHost(implementation.config.uri);
  const login = await askWorkingLogin(`${title}: ${registry.name}`, registry.name, implementation);
  if (!login) return;
  await secrets.save(secretName, { host, ...login });
  await trusted.allow(loginRequest(registry, secretName, host));
  if (secretName !== before) {
    await (
      await core.components(targetOf(registry))
    ).update(registry.type, registry.name, { configuration: { authenticationSecret: secretName } });
  }
  refresh.fire();
}

/** Asks until the login works, or is to be stored all the same. */
async function askWorkingLogin(title: string, name: string, registry: ContainerRegistry): Promise<Login | undefined> {
  let username: string | undefined;
  for (;;) {
    const host = registryHost(registry.config.uri);
    const login = await askRegistryLogin({ title, host, canGoBack: false, mayBeEmpty: false, username });
    if (!login || login === back) return undefined;
    const answer = await tryLogin(name, login, async () => registry);
    if (answer !== "change") return answer && login;
    ({ username } = login);
  }
}
