import * as vscode from "vscode";
import { askSecretValue } from "./askSecretValue";
import { back } from "../ui/back";
import { pickSecretKey } from "./pickSecret";
import type { WithRefresh } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";

/** Replaces the value of a key, without showing the old one. */
export async function changeSecretValue(
  { secrets, refresh }: WithRefresh & WithSecrets,
  target?: unknown,
): Promise<void> {
  const title = vscode.l10n.t("Change Secret Value");
  const place = await pickSecretKey(secrets, title, target);
  if (!place) return;
  const { secret, key } = place;
  const value = await askSecretValue({
    title: `${title}: ${secret}`,
    canGoBack: false,
    prompt: vscode.l10n.t('Enter a new value for "{0}"; it is stored in VS Code\'s secret storage', key),
  });
  if (value === undefined || value === back) return;
  await secrets.save(secret, { ...(await secrets.readSecret(secret)), [key]: value });
  refresh.fire();
}
