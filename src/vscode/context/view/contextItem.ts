import * as vscode from "vscode";
import type { ContextOverview, OverviewRow } from "../../../core/context/overview/contextOverview";
import { keyOf, nameOf } from "../../platform/contextPlace";
import { tooltipOf } from "../../ui/markdown";
import { contextValueOf } from "../../ui/contextValues";
import { rowCommand } from "../../ui/rowCommand";
import { iconOf, rowUri, type RowState } from "./contextColors";
import type { ContextNode } from "./contextNode";
import {
  amountInWords,
  decisionInWords,
  faultInWords,
  markInWords,
  marksInWords,
  rowInWords,
} from "../model/contextWords";

/** Number of matching files up to which a filter expands all folders. */
const fewMatches = 200;

/** Creates the tree item of a row. If its path no longer exists, the item only shows the path. */
export function contextItemOf(node: ContextNode, overview: ContextOverview | undefined): vscode.TreeItem {
  const row = overview?.row(node.path);
  const item =
    !overview || !row
      ? new vscode.TreeItem(node.path)
      : node.kind === "context"
        ? contextItem(node, overview, row)
        : entryItem(node, overview, row);
  item.id = idOf(node, overview);
  return item;
}

/** Creates the row for the remaining entries of a large folder. */
export function restItemOf(node: ContextNode, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(
    count === 1 ? vscode.l10n.t("1 more") : vscode.l10n.t("{0} more", count.toLocaleString()),
  );
  item.id = `${idOf(node, undefined)}\nrest`;
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.contextValue = contextValueOf("contextRest", {});
  item.command = rowCommand("showMoreRows", vscode.l10n.t("Show More"), node);
  return item;
}

/**
 * Returns an id that is the same for the same path, so that rows stay expanded. Under a filter the ids differ, so that
 * rows expand automatically.
 */
function idOf({ live, path }: ContextNode, overview: ContextOverview | undefined): string {
  const suffix = overview?.filter ? (hasFew(overview) ? "\nfew" : "\nmany") : "";
  return `${keyOf(live.place)}\n${path}${suffix}`;
}

function hasFew(overview: ContextOverview): boolean {
  const { sent, excluded } = overview.rowOf(overview.tree.root);
  return sent.files + excluded.files <= fewMatches;
}

function contextItem({ live }: ContextNode, overview: ContextOverview, row: OverviewRow): vscode.TreeItem {
  const { file, isMissing } = overview.state.subject;
  const item = new vscode.TreeItem(nameOf(live.place), vscode.TreeItemCollapsibleState.Expanded);
  const ignoreFile = isMissing ? vscode.l10n.t("no ignore file") : file;
  item.description = [...marksInWords(row), amountInWords(row.sent), ignoreFile].join(" · ");
  item.iconPath = new vscode.ThemeIcon("package");
  item.contextValue = contextValueOf("context", { ignoreFile: !isMissing });
  item.tooltip = tooltipOf(live.place.folder.fsPath, [
    vscode.l10n.t("Sent: {0}", amountInWords(row.sent)),
    vscode.l10n.t("Excluded: {0}", amountInWords(row.excluded)),
    vscode.l10n.t("Ignore file: {0}", ignoreFile),
    ...marksInWords(row),
  ]);
  item.accessibilityInformation = {
    label: vscode.l10n.t("Build context {0}: {1}", nameOf(live.place), item.description),
  };
  return item;
}

function entryItem({ live, path }: ContextNode, overview: ContextOverview, row: OverviewRow): vscode.TreeItem {
  const { name, isDirectory, isSent, mark, fault } = row;
  const state: RowState = !isSent ? "excluded" : fault === undefined ? (mark?.kind ?? "plain") : "unreadable";
  const decision = overview.decisionOn(path);
  const item = new vscode.TreeItem(
    name,
    isDirectory
      ? overview.filter && hasFew(overview)
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed
      : vscode.TreeItemCollapsibleState.None,
  );
  item.resourceUri = rowUri(path, state);
  item.iconPath = iconOf(state, isDirectory);
  item.description = rowInWords(row, decision);
  item.contextValue = contextValueOf("contextEntry", {
    [isSent ? "sent" : "excluded"]: true,
    line: decision?.line !== undefined,
  });
  item.tooltip = tooltipOf(path, [
    isSent
      ? vscode.l10n.t("Sent: {0}", amountInWords(row.sent))
      : vscode.l10n.t("Not sent: {0}", amountInWords(row.excluded)),
    ...(isSent && row.excluded.files > 0 ? [vscode.l10n.t("Excluded: {0}", amountInWords(row.excluded))] : []),
    ...(decision ? [vscode.l10n.t("Reason: {0}", decisionInWords(decision, path))] : []),
    ...(mark ? [markInWords(mark)] : isDirectory ? marksInWords(row) : []),
    ...(fault === undefined ? [] : [faultInWords(fault), vscode.l10n.t("A build that copies this folder fails.")]),
  ]);
  item.accessibilityInformation = {
    label: [name, ...(isDirectory ? [vscode.l10n.t("folder")] : []), item.description].join(", "),
  };
  const kind = overview.tree.kindOf(overview.tree.find(path) ?? overview.tree.root);
  if (kind === "file" || kind === "symlink") {
    const uri = vscode.Uri.joinPath(live.place.folder, path);
    item.command = {
      command: "vscode.open",
      title: vscode.l10n.t("Open"),
      arguments: [uri, { preview: true, preserveFocus: true }],
    };
  }
  return item;
}
