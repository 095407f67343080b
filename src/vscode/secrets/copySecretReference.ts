import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import { pickSecretKey } from "./pickSecret";
import type { WithSecrets } from "../platform/secrets";
import { setStatusBarMessage } from "../ui/statusBar";

/** Copies the reference to a value for use in settings: `{{name.key}}`. */
export async function copySecretReference({ secrets }: WithSecrets, target?: unknown): Promise<void> {
  const place = await pickSecretKey(secrets, vscode.l10n.t("Copy Secret Reference"), target);
  if (!place) return;
  if (place.secret.includes(".")) {
    throw new ImageBuilderError(
      "secretUnavailable",
      vscode.l10n.t(
        'The secret "{0}" has a dot in its name, so it can\'t be referenced. Store it under another name.',
        place.secret,
      ),
    );
  }
  const reference = `{{${place.secret}.${place.key}}}`;
  await vscode.env.clipboard.writeText(reference);
  setStatusBarMessage(vscode.l10n.t("Copied {0}", reference), 3000);
}
