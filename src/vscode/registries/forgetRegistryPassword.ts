import * as vscode from "vscode";
import { targetOf } from "../settings/componentSettings";
import { pickRegistry, secretNameOf } from "./pickRegistry";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Deletes the stored password of a registry, so that Docker's own credentials are used again. */
export async function forgetRegistryPassword(
  { core, secrets, refresh }: WithCore & WithRefresh & WithSecrets,
  target?: unknown,
): Promise<void> {
  const registry = await pickRegistry(vscode.l10n.t("Forget Registry Password"), target);
  const secretName = registry && secretNameOf(registry);
  if (!registry || secretName === undefined) return;
  await (
    await core.components(targetOf(registry))
  ).removeAttributes(registry.type, registry.name, ["authenticationSecret"]);
  await secrets.delete(secretName);
  refresh.fire();
}
