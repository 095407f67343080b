import * as vscode from "vscode";
import type { Amount, Decision, OverviewRow } from "../../../core/context/overview/contextOverview";
import type { Mark } from "../../../core/context/overview/marks";
import { formatFiles } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";

/** Formats an amount, such as `340 MB · 1,204 files`. */
export function amountInWords({ files, bytes }: Amount): string {
  return `${formatBytes(bytes)} · ${formatFiles(files)}`;
}

/** Describes why a file is marked. */
export function markInWords(mark: Mark): string {
  return mark.kind === "secret" ? vscode.l10n.t("secret: {0}", mark.what) : vscode.l10n.t("sent empty by docker build");
}

/** Counts the marked files below a folder, secrets first; empty if there are none. */
export function marksInWords({ secrets, emptied }: Pick<OverviewRow, "secrets" | "emptied">): string[] {
  return [
    ...(secrets > 0
      ? [secrets === 1 ? vscode.l10n.t("1 secret") : vscode.l10n.t("{0} secrets", secrets.toLocaleString())]
      : []),
    ...(emptied > 0 ? [vscode.l10n.t("{0} sent empty by docker build", emptied.toLocaleString())] : []),
  ];
}

/** Describes why the contents of a folder are not shown. */
export function faultInWords(fault: string): string {
  return vscode.l10n.t("can't be read: {0}", fault);
}

/** Describes the rule that decides on a path, and the parent folder that it matches, if any. */
export function decisionInWords({ line, at }: Decision, path: string): string {
  if (!line) return vscode.l10n.t("always included by a setting");
  return at === path
    ? vscode.l10n.t("line {0}: {1}", line.line, line.text)
    : vscode.l10n.t("line {0}: {1}, at {2}", line.line, line.text, at);
}

/** Describes a row in a few words, without its name. */
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

/** Formats paths, such as `"data"` or `"data" and 3 more`. */
export function pathsInWords([first = "", ...others]: readonly string[]): string {
  return others.length === 0
    ? `"${first}"`
    : vscode.l10n.t('"{0}" and {1} more', first, others.length.toLocaleString());
}
