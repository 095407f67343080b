import * as vscode from "vscode";
import { pickRegistry, secretNameOf } from "../questions/pickRegistry";
import type { Services } from "../services";
import { saveComponent } from "../settings";

/** Deletes the stored password of a registry, so that Docker's own login counts again. */
export async function forgetRegistryPassword({ secrets, refresh }: Services, target?: unknown): Promise<void> {
  const registry = await pickRegistry(vscode.l10n.t("Forget Registry Password"), target);
  const secretName = registry && secretNameOf(registry);
  if (!registry || secretName === undefined) return;
  const configuration = Object.fromEntries(Object.entries(registry.configuration).filter(([key]) => key !== "authenticationSecret"));
  await saveComponent({ ...registry, configuration }, vscode.ConfigurationTarget.Global);
  await secrets.delete(secretName);
  refresh.fire();
}
