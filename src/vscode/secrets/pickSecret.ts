import * as vscode from "vscode";
import type { Secrets, StoredSecret } from "../platform/secrets";
import { showInformationMessage } from "../ui/messages";
import { isSecretNode } from "./secretsView";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";

/**
 * Returns the secret of the selected row, otherwise one that the person picks; undefined if the prompt was dismissed.
 */
export async function pickSecret(secrets: Secrets, title: string, target: unknown): Promise<StoredSecret | undefined> {
  const stored = await secrets.list();
  if (isSecretNode(target) && target.kind !== "secretUser") return stored.find(({ name }) => name === target.secret);
  if (stored.length === 0) return void showInformationMessage(vscode.l10n.t("No secrets are stored yet."));
  const choices = stored.map((secret) => ({
    label: secret.name,
    description: secret.keys.join(", "),
    iconPath: new vscode.ThemeIcon("lock"),
    value: secret,
  }));
  const chosen = await pick({ title, canGoBack: false, placeholder: vscode.l10n.t("Select a secret"), choices });
  return chosen === back ? undefined : chosen;
}

/** Returns one key of a secret: that of the selected row, the only one, or one that the person picks. */
export async function pickSecretKey(
  secrets: Secrets,
  title: string,
  target: unknown,
): Promise<{ readonly secret: string; readonly key: string } | undefined> {
  const secret = await pickSecret(secrets, title, target);
  if (!secret) return undefined;
  if (isSecretNode(target) && target.kind === "secretKey")
    return secret.keys.includes(target.key) ? { secret: secret.name, key: target.key } : undefined;
  const choices = secret.keys.map((key) => ({ label: key, iconPath: new vscode.ThemeIcon("key"), value: key }));
  const only = choices.length === 1 ? choices[0]?.value : undefined;
  const key =
    only ??
    (await pick({
      title,
      canGoBack: false,
      placeholder: vscode.l10n.t('Select a key of "{0}"', secret.name),
      choices,
    }));
  return key === undefined || key === back ? undefined : { secret: secret.name, key };
}
