import * as vscode from "vscode";
import type { FixEffect, SentChange } from "../../../core/context/lint/state/finding";
import { formatEmptyFolders, formatFiles } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";

/**
 * Describes the effect of a change, such as `stops sending 1,204 files, 340 MB; no other changes`; undefined if it is
 * not known.
 */
export function effectText(effect: FixEffect): string | undefined {
  return [nowText(effect), laterText(effect)].filter((text) => text !== undefined).join("; ") || undefined;
}

/** Describes the effect on files that don't exist yet, which the title of a fix doesn't mention. */
function laterText({ later }: FixEffect): string | undefined {
  const [starts, stops] = [later?.starts[0], later?.stops[0]];
  if (starts !== undefined) return vscode.l10n.t('a new file such as "{0}" would be sent', starts);
  return stops === undefined ? undefined : vscode.l10n.t('a new file such as "{0}" would not be sent', stops);
}

function nowText({ isKnown, stopsSending, startsSending }: FixEffect): string | undefined {
  if (!isKnown) return undefined;
  const [stops, starts] = [amountOf(stopsSending), amountOf(startsSending)];
  if (stops && starts) return vscode.l10n.t("stops sending {0}; starts sending {1}", stops, starts);
  if (stops) return vscode.l10n.t("stops sending {0}; no other changes", stops);
  if (starts) return vscode.l10n.t("starts sending {0}; no other changes", starts);
  return vscode.l10n.t("the same files are sent");
}

function amountOf({ files, folders, bytes }: SentChange): string | undefined {
  if (files > 0) return `${formatFiles(files)}, ${formatBytes(bytes)}`;
  return folders > 0 ? formatEmptyFolders(folders) : undefined;
}
