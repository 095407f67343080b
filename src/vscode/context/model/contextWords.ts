import * as vscode from "vscode";
import type { Amount, Decision, OverviewRow } from "../../../core/context/overview/contextOverview";
import type { Mark } from "../../../core/context/overview/marks";
import { formatFiles } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";

/** `340 MB · 1,204 files`. */
export function amountInWords({ files, bytes }: Amount): string {
  return `${formatBytes(bytes)} · ${formatFiles(files)}`;
}

/** Why a file is marked. */
export function markInWords(mark: Mark): string {
  return mark.kind === "secret" ? vscode.l10n.t("secret: {0}", mark.what) : vscode.l10n.t("sent empty by docker build");
}

/** How many of the files below are marked, the graver first; nothing where none is. */
export function marksInWords({ secrets, emptied }: Pick<OverviewRow, "secrets" | "emptied">): string[] {
  return [
    ...(secrets > 0
      ? [secrets === 1 ? vscode.l10n.t("1 secret") : vscode.l10n.t("{0} secrets", secrets.toLocaleString())]
      : []),
    ...(emptied > 0 ? [vscode.l10n.t("{0} sent empty by docker build", emptied.toLocaleString())] : []),
  ];
}

/** Why a folder is shown without what is in it. */
export function faultInWords(fault: string): string {
  return vscode.l10n.t("can't be read: {0}", fault);
}

/** Which line decided, and where it was tried if that is a folder above. */
export function decisionInWords({ line, at }: Decision, path: string): string {
  if (!line) return vscode.l10n.t("always included by a setting");
  return at === path
    ? vscode.l10n.t("line {0}: {1}", line.line, line.text)
    : vscode.l10n.t("line {0}: {1}, at {2}", line.line, line.text, at);
}

/** A row in a few words, without its name. */
export function rowInWords(row: OverviewRow, decision: Decision | undefined): string {
  const { isDirectory, isSent, sent, excluded, mark, fault } = row;
  if (!isSent) {
    const why = decision?.line ? vscode.l10n.t("excluded by line {0}", decision.line.line) : vscode.l10n.t("excluded");
    return [why, isDirectory ? amountInWords(excluded) : formatBytes(excluded.bytes)].join(" · ");
  }
  if (fault !== undefined) return faultInWords(fault);
  if (!isDirectory) return [...(mark ? [markInWords(mark)] : []), formatBytes(sent.bytes)].join(" · ");
  return [amountInWords(sent), ...marksInWords(row)].join(" · ");
}

/** `"data"`, `"data" and 3 more`. */
export function pathsInWords([first = "", ...others]: readonly string[]): string {
  return others.length === 0
    ? `"${first}"`
    : vscode.l10n.t('"{0}" and {1} more', first, others.length.toLocaleString());
}
