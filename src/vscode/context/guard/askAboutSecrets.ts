import { join } from "node:path";
import * as vscode from "vscode";
import type { KeepOutPlanner } from "../../../core/context/review/planKeepOut";
import type { UploadSecret } from "../../../core/context/review/uploadReport";
import type { Operation } from "../../../core/operation/operation";
import { placeOf, reasonOf } from "./uploadTexts";
import { askUpload, type UploadAnswer, type UploadRow } from "./uploadQuestion";

/** Upload that the prompt is about. */
export interface QuestionedUpload {
  /** Absolute path of the build context. */
  readonly folder: string;
  readonly imageName: string;
  /** Name of a named build context; undefined for the main one. */
  readonly place?: string;
}

/** Asks what to do about possible secrets in an upload. */
export async function askAboutSecrets(
  { folder, imageName, place }: QuestionedUpload,
  secrets: readonly UploadSecret[],
  plan: KeepOutPlanner,
  operation: Operation,
): Promise<UploadAnswer> {
  const paths = [...new Set(secrets.map(({ path }) => path))];
  const found = await plan(paths);
  const copied = (found?.broken ?? []).map(({ file = "", range }): UploadRow => {
    return {
      icon: "info",
      label: vscode.l10n.t("Can't be excluded"),
      description: vscode.l10n.t("copied by line {0} of the Dockerfile", range.line),
      show: () => open(join(folder, file), range.line),
    };
  });
  return askUpload({
    title:
      place === undefined
        ? vscode.l10n.t("{0}: Possible Secrets Would Be Sent", imageName)
        : vscode.l10n.t('{0}: Possible Secrets in Build Context "{1}" Would Be Sent', imageName, place),
    placeholder:
      paths.length === 1
        ? vscode.l10n.t("1 file may contain secrets; anyone with the image can read it")
        : vscode.l10n.t("{0} files may contain secrets; anyone with the image can read them", paths.length),
    plans: found ? [{ label: vscode.l10n.t("Exclude and Build"), plan: found }] : [],
    rows: [...secrets.map(rowOf), ...copied],
    operation,
  });
}

function rowOf(secret: UploadSecret): UploadRow {
  const { file, line = 1 } = secret;
  return {
    icon: "key",
    label: placeOf(secret),
    description: reasonOf(secret),
    show: async () => file !== undefined && open(file, line),
  };
}

/** Opens a file at a line, without moving the focus from the prompt. */
function open(file: string, line: number): Thenable<unknown> {
  const selection = new vscode.Range(line - 1, 0, line - 1, 0);
  return vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file), {
    selection,
    preserveFocus: true,
    preview: true,
  });
}
