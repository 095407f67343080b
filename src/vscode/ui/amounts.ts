import * as vscode from "vscode";
import { formatBytes } from "../../core/text/format";

/** Formats a number of files: `1 file`, `1,204 files`. */
export function formatFiles(files: number): string {
  return files === 1 ? vscode.l10n.t("1 file") : vscode.l10n.t("{0} files", files.toLocaleString());
}

/** Formats a number of empty folders: `1 empty folder`, `3 empty folders`. */
export function formatEmptyFolders(folders: number): string {
  return folders === 1 ? vscode.l10n.t("1 empty folder") : vscode.l10n.t("{0} empty folders", folders.toLocaleString());
}

/** Formats an amount: `1,204 files · 340 MB`. */
export function formatAmount({ files, bytes }: { readonly files: number; readonly bytes: number }): string {
  return `${formatFiles(files)} · ${formatBytes(bytes)}`;
}
