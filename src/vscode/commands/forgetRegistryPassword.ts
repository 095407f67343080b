import * as vscode from "vscode";
import { targetOf } from "../components/componentSettings";
import { pickRegistry, secretNameOf } from "../questions/pickRegistry";
import type { Services } from "../services";

/** Deletes the stored password of a registry, so that Docker's own login counts again. */
export async function forgetRegistryPassword({ core, secrets, refresh }: Services, target?: unknown): Promise<void> {
  const registry = await pickRegistry(vscode.l10n.t("Forget Registry Password"), target);
  const secretName = registry && secretNameOf(registry);
  if (!registry || secretName === undefined) return;
  await (await core.components(targetOf(registry))).removeAttributes(registry.type, registry.name, ["authenticationSecret"]);
  await secrets.delete(secretName);
  refresh.fire();
}
