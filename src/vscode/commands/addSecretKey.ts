import * as vscode from "vscode";
import { askSecretEntry } from "../questions/askSecretValue";
import { back } from "../questions/back";
import { pickSecret } from "../questions/pickSecret";
import type { Services } from "../services";

/** Adds a key with its value to a stored secret. */
export async function addSecretKey({ secrets }: Services, target?: unknown): Promise<void> {
  const title = vscode.l10n.t("Add Key to Secret");
  const secret = await pickSecret(secrets, title, target);
  if (!secret) return;
  const entry = await askSecretEntry({ title: `${title}: ${secret.name}`, canGoBack: false, taken: secret.keys });
  if (!entry || entry === back) return;
  await secrets.save(secret.name, { ...(await secrets.readSecret(secret.name)), [entry.key]: entry.value });
}
