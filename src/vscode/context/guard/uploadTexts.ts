import * as vscode from "vscode";
import type { KeepOutPlan } from "../../../core/context/review/planKeepOut";
import type { UploadPart, UploadReport, UploadSecret } from "../../../core/context/review/uploadReport";
import { formatFiles } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";

const shown = 10;

/** Returns the warning about possible secrets, for builds that don't ask. */
export function secretsWarning(secrets: readonly UploadSecret[]): string {
  const list = listOf(secrets.map((secret) => `${placeOf(secret)} (${reasonOf(secret)})`));
  return vscode.l10n.t("Possible secrets are sent; anyone with the image can read them: {0}.", list);
}

/** Returns the warning about a large build context, for builds that don't ask. */
export function sizeWarning({ files, bytes, largest }: UploadReport): string {
  const list = listOf(largest.map((part) => `${nameOf(part)} (${formatBytes(part.bytes)})`));
  return vscode.l10n.t(
    "The build context is large: {0} in {1}. The largest parts are {2}.",
    formatBytes(bytes),
    formatFiles(files),
    list,
  );
}

/** Returns the warning about more files than the classic builder can handle in reasonable time. */
export function slowWarning({ files }: UploadReport): string {
  return vscode.l10n.t(
    "The classic builder may take minutes for {0}. Use BuildKit, or exclude files with .dockerignore.",
    formatFiles(files),
  );
}

/** Formats a place, such as `config/app.json:3`. */
export function placeOf({ path, line }: UploadSecret): string {
  return line === undefined ? path : `${path}:${line}`;
}

/** Returns why a file is reported: what was found in it, or what such files usually contain. */
export function reasonOf({ what, line }: UploadSecret): string {
  return line === undefined ? vscode.l10n.t("usually contains {0}", what) : what;
}

/** Returns the path, with a slash at the end for a folder. */
export function nameOf({ path, isFolder }: UploadPart): string {
  return isFolder ? `${path}/` : path;
}

/** Lists the lines that a plan adds to the ignore file, at most 10. */
export function linesOf({ fix }: KeepOutPlan): string {
  const lines = fix.edits.flatMap(({ newText }) => newText.split(/\r?\n/).filter((line) => line !== ""));
  return listOf(lines.map((line) => `"${line}"`));
}

function listOf(texts: readonly string[]): string {
  const list = texts.slice(0, shown).join(", ");
  return texts.length > shown ? vscode.l10n.t("{0} and {1} more", list, texts.length - shown) : list;
}
