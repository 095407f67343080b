import { join } from "node:path";
import * as vscode from "vscode";
import type { KeepOutPlanner } from "../../../core/context/review/planKeepOut";
import type { UploadPart, UploadReport } from "../../../core/context/review/uploadReport";
import type { Operation } from "../../../core/operation/operation";
import { formatAmount } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";
import type { QuestionedUpload } from "./askAboutSecrets";
import { askUpload, type UploadAnswer, type UploadQuestion } from "./uploadQuestion";
import { nameOf } from "./uploadTexts";

/** Asks what to do about a large build context. */
export async function askAboutSize(
  { folder, imageName, place }: QuestionedUpload,
  report: UploadReport,
  plan: KeepOutPlanner,
  operation: Operation,
): Promise<UploadAnswer> {
  const plans: UploadQuestion["plans"][number][] = [];
  for (const part of report.largest) {
    const found = await plan([part.path]);
    if (found) plans.push({ label: vscode.l10n.t("Exclude {0} and Build", nameOf(part)), plan: found });
  }
  return askUpload({
    title: vscode.l10n.t("{0}: {1} Would Be Sent", imageName, formatBytes(report.bytes)),
    placeholder:
      place === undefined
        ? vscode.l10n.t("{0} in the build context; the largest parts are listed below", formatAmount(report))
        : vscode.l10n.t(
            '{0} in the build context "{1}"; the largest parts are listed below',
            formatAmount(report),
            place,
          ),
    plans,
    rows: report.largest.map((part) => ({
      icon: part.isFolder ? "folder" : "file",
      label: nameOf(part),
      description: formatAmount(part),
      show: () => reveal(folder, part),
    })),
    operation,
  });
}

async function reveal(folder: string, { path }: UploadPart): Promise<void> {
  await vscode.commands.executeCommand("revealInExplorer", vscode.Uri.file(join(folder, path)));
}
