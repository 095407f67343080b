import * as vscode from "vscode";
import type { Secrets, StoredSecret } from "../platform/secrets";
import { showInformationMessage } from "../ui/messages";
import { isSecretNode } from "./secretsView";
import { back } from "../ui/back";
import { pick } from "../ui/quickInput";

/** The secret of a tree's row, else one that is picked; nothing when the question was dismissed. */
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

/** One key of a secret: the row's, the only one, or one that is picked. */
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
