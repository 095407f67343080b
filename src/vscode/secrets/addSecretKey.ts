import * as vscode from "vscode";
import { askSecretEntry } from "./askSecretValue";
import { back } from "../ui/back";
import { pickSecret } from "./pickSecret";
import type { WithSecrets } from "../platform/secrets";

/** Adds a key with its value to a stored secret. */
export async function addSecretKey({ secrets }: WithSecrets, target?: unknown): Promise<void> {
  const title = vscode.l10n.t("Add Key to Secret");
  const secret = await pickSecret(secrets, title, target);
  if (!secret) return;
  const entry = await askSecretEntry({ title: `${title}: ${secret.name}`, canGoBack: false, taken: secret.keys });
  if (!entry || entry === back) return;
  await secrets.save(secret.name, { ...(await secrets.readSecret(secret.name)), [entry.key]: entry.value });
}
