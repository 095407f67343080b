import * as vscode from "vscode";
import { ownSecrets } from "../components/questions/ownSecrets";
import { targetOf } from "../settings/componentSettings";
import { pickRegistry, secretNameOf } from "./pickRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/**
 * Takes the stored password from a registry, so that Docker's own login counts again, and deletes it unless something
 * else in the settings uses it.
 */
export async function forgetRegistryPassword(
  { core, secrets, refresh }: WithCore & WithRefresh & WithSecrets,
  target?: unknown,
): Promise<void> {
  const registry = await pickRegistry(vscode.l10n.t("Sign Out"), target);
  const secretName = registry && secretNameOf(registry);
  if (!registry || secretName === undefined) return;
  const isOwn = ownSecrets(registry).includes(secretName);
  await (
    await core.components(targetOf(registry))
  ).removeAttributes(registry.type, registry.name, ["authenticationSecret"]);
  if (isOwn) await secrets.delete(secretName);
  refresh.fire();
}
