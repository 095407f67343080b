import * as vscode from "vscode";
import type { KeepOutPlanner } from "../../core/context/review/planKeepOut";
import type { UploadSecret } from "../../core/context/review/upload";
import type { Operation } from "../../core/operation";
import { placeOf, reasonOf } from "./uploadTexts";
import { askUpload, type UploadAnswer, type UploadRow } from "./uploadQuestion";

/** Asks what to do about secrets that would be sent. */
export async function askAboutSecrets(imageName: string, secrets: readonly UploadSecret[], plan: KeepOutPlanner, operation: Operation): Promise<UploadAnswer> {
  const paths = [...new Set(secrets.map(({ path }) => path))];
  const found = await plan(paths);
  const [broken] = found?.broken ?? [];
  const rows = secrets.map(rowOf);
  return askUpload({
    title: vscode.l10n.t("{0}: Secrets Would Be Sent", imageName),
    placeholder:
      paths.length === 1
        ? vscode.l10n.t("1 file looks as if it held a secret, and whoever gets the image may read it")
        : vscode.l10n.t("{0} files look as if they held secrets, and whoever gets the image may read them", paths.length),
    plans: found ? [{ label: vscode.l10n.t("Keep Out and Build"), plan: found }] : [],
    rows: broken ? [...rows, { label: `$(info) ${vscode.l10n.t("They cannot be kept out")}`, description: vscode.l10n.t("line {0} of the Dockerfile copies them", broken.range.line), show: async () => undefined }] : rows,
    operation,
  });
}

function rowOf(secret: UploadSecret): UploadRow {
  return { label: `$(key) ${placeOf(secret)}`, description: reasonOf(secret), show: () => show(secret) };
}

/** Opens the file at the line, beside the question that keeps the focus. */
async function show({ file, line = 1 }: UploadSecret): Promise<void> {
  if (file === undefined) return;
  const selection = new vscode.Range(line - 1, 0, line - 1, 0);
  await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file), { selection, preserveFocus: true, preview: true });
}
