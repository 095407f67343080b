import * as vscode from "vscode";
import { componentSettings, removeComponent } from "../components/componentSettings";
import { pickRegistry, secretNameOf } from "../questions/pickRegistry";
import type { Services } from "../services";

/** Takes a registry out of the settings, and its password out of the secret storage unless another registry uses it. */
export async function removeRegistry({ secrets }: Services, target?: unknown): Promise<void> {
  const registry = await pickRegistry(vscode.l10n.t("Remove Registry"), target);
  if (!registry) return;
  const remove = vscode.l10n.t("Remove");
  const detail = vscode.l10n.t("It is taken out of the settings, and its stored password is deleted. Images in the registry stay.");
  const answer = await vscode.window.showWarningMessage(vscode.l10n.t('Remove the registry "{0}"?', registry.name), { modal: true, detail }, remove);
  if (answer !== remove) return;
  await removeComponent("container_registry", registry.name);
  const secretName = secretNameOf(registry);
  const isShared = componentSettings("container_registry").components.some((each) => secretNameOf(each) === secretName);
  if (secretName !== undefined && !isShared) await secrets.delete(secretName);
}
