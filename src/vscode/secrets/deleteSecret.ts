import * as vscode from "vscode";
import { pickSecret } from "./pickSecret";
import { usersInWords } from "./secretUsers";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { showWarningMessage } from "../ui/messages";
import { isSecretNode } from "./secretsView";

/** Deletes a stored secret or one of its keys, after showing the settings that still use the secret. */
export async function deleteSecret({ secrets, refresh }: WithRefresh & WithSecrets, target?: unknown): Promise<void> {
  const secret = await pickSecret(secrets, vscode.l10n.t("Delete Secret"), target);
  if (!secret) return;
  const { name, keys } = secret;
  const key = isSecretNode(target) && target.kind === "secretKey" && keys.length > 1 ? target.key : undefined;
  const question =
    key === undefined
      ? vscode.l10n.t('Delete the secret "{0}"?', name)
      : vscode.l10n.t('Delete the key "{0}" of the secret "{1}"?', key, name);
  const users = usersInWords(name);
  const detail =
    users.length > 0
      ? vscode.l10n.t("It is still used by {0}, which will fail without it.", users.join(", "))
      : vscode.l10n.t("No setting uses it.");
  const remove = vscode.l10n.t("Delete");
  if ((await showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  if (key === undefined) await secrets.delete(name);
  else
    await secrets.save(
      name,
      Object.fromEntries(Object.entries((await secrets.readSecret(name)) ?? {}).filter(([each]) => each !== key)),
    );
  refresh.fire();
}
