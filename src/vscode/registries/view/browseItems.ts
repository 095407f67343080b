import * as vscode from "vscode";
import type { Manifest } from "../../../core/distribution/manifest";
import { formatBytes, shortDigest } from "../../../core/text/format";
import { artifactInWords, statementInWords } from "../browse/artifactWords";
import type { FactRow } from "../browse/factRow";
import type {
  ActionRow,
  BrowseNode,
  ImageNode,
  RepositoriesNode,
  RepositoryNode,
  TagNode,
} from "../browse/browseNodes";
import { formatTime } from "../browse/manifestRows";
import { rowCommand } from "../../ui/rowCommand";
import { contextValueOf } from "../../ui/contextValues";
import { tooltipOf } from "../../ui/rows";

/**
 * Creates the tree item of a row below a registry. Its `contextValue` is `repositories`, `repository` (`;known` if the
 * person opened it), `tag`, `image`, `attestation`, `fact`, or `action`; the first two can have `;filtered`.
 */
export function browseItemOf(row: BrowseNode | FactRow | ActionRow): vscode.TreeItem {
  switch (row.kind) {
    case "repositories":
      return repositoriesItem(row);
    case "repository":
      return repositoryItem(row);
    case "tag":
      return tagItem(row);
    case "image":
      return imageItem(row);
    case "fact":
      return factItem(row);
    case "action":
      return actionItem(row);
  }
}

function repositoriesItem(node: RepositoriesNode): vscode.TreeItem {
  const item = openable(node, vscode.l10n.t("Repositories"), "library");
  item.description = amountOf(node);
  item.contextValue = contextValueOf("repositories", { filtered: node.listing.filter !== "" });
  item.accessibilityInformation = {
    label: [vscode.l10n.t("Repositories of {0}", node.browser.component.name), item.description]
      .filter(Boolean)
      .join(", "),
  };
  return item;
}

function repositoryItem(node: RepositoryNode): vscode.TreeItem {
  const item = openable(node, node.path, "repo");
  item.description = amountOf(node);
  item.tooltip = `${node.browser.host}/${node.path}`;
  item.contextValue = contextValueOf("repository", {
    known: node.browser.isKnown(node.path),
    filtered: node.listing.filter !== "",
  });
  item.accessibilityInformation = {
    label: [vscode.l10n.t("Repository {0}", node.path), item.description].filter(Boolean).join(", "),
  };
  return item;
}

function tagItem(node: TagNode): vscode.TreeItem {
  const { name, pushedAt } = node.tag;
  const item = openable(node, name, iconOf(node.manifest) ?? "tag");
  item.description = [pushedAt && formatTime(pushedAt), node.manifest && manifestInWords(node.manifest)]
    .filter(Boolean)
    .join(" · ");
  item.tooltip = tooltipOf(node.imageName, [
    ...(pushedAt ? [[vscode.l10n.t("Pushed"), formatTime(pushedAt)] as const] : []),
    ...(node.digest ? [[vscode.l10n.t("Digest"), node.digest] as const] : []),
  ]);
  item.contextValue = contextValueOf("tag", {});
  item.accessibilityInformation = {
    label: [vscode.l10n.t("Tag {0}", name), item.description].filter(Boolean).join(", "),
  };
  return item;
}

function imageItem(node: ImageNode): vscode.TreeItem {
  const { entry, describedPlatform } = node;
  const kind = kindOf(entry);
  const icon = entry.isAttestation ? "verified" : entry.isAttached ? "link" : entry.artifactType ? "package" : "vm";
  const item = openable(node, kind, icon);
  const about =
    entry.isAttestation && describedPlatform !== undefined ? vscode.l10n.t("of {0}", describedPlatform) : undefined;
  item.description = [about, shortDigest(entry.digest), node.manifest && manifestSize(node.manifest)]
    .filter(Boolean)
    .join(" · ");
  item.tooltip = tooltipOf(node.imageName, [[vscode.l10n.t("Type"), entry.mediaType]]);
  item.contextValue = contextValueOf(entry.isAttestation || entry.isAttached ? "attestation" : "image", {});
  item.accessibilityInformation = { label: `${kind}, ${item.description}` };
  return item;
}

function kindOf({ isAttestation, isAttached, platform, artifactType, statementType }: ImageNode["entry"]): string {
  if (isAttestation) return vscode.l10n.t("attestation");
  const statement = statementType === undefined ? undefined : statementInWords(statementType);
  const content = statement ?? (artifactType && artifactInWords(artifactType));
  return isAttached ? (content ?? vscode.l10n.t("attachment")) : (platform ?? content ?? vscode.l10n.t("image"));
}

function factItem({ id, label, value, tooltip, icon, rows }: FactRow): vscode.TreeItem {
  const item = new vscode.TreeItem(
    label,
    rows ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = id;
  item.description = value;
  item.tooltip = tooltip ?? [label, value].filter(Boolean).join(": ");
  if (icon) item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = contextValueOf("fact", {});
  item.accessibilityInformation = { label: [label, value].filter(Boolean).join(": ") };
  return item;
}

function actionItem({ label, icon, command, target }: ActionRow): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.command = rowCommand(command, label, target);
  item.contextValue = contextValueOf("action", {});
  return item;
}

function openable({ id }: BrowseNode, label: string, icon: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.iconPath = new vscode.ThemeIcon(icon);
  return item;
}

/** Describes the number of rows, once it is known. */
function amountOf({ listing }: RepositoriesNode | RepositoryNode): string {
  const { rows, fitting, filter, state } = listing;
  const all = rows.length.toLocaleString();
  if (filter !== "") return vscode.l10n.t('"{0}": {1} of {2}', filter, fitting.length.toLocaleString(), all);
  return state.kind === "done" && rows.length > 0 ? all : "";
}

function iconOf(manifest: Manifest | undefined): string | undefined {
  if (manifest?.kind === "index") return "layers";
  return manifest?.kind === "artifact" ? "package" : undefined;
}

function manifestInWords(manifest: Manifest): string {
  const size = manifestSize(manifest);
  const kind = manifest.kind === "artifact" ? artifactInWords(manifest.artifactType) : "";
  if (manifest.kind !== "index") return [kind, shortDigest(manifest.digest), size].filter(Boolean).join(" · ");
  const platforms = manifest.entries.flatMap(({ platform }) => platform ?? []);
  return [shortDigest(manifest.digest), platforms.join(", ")].filter(Boolean).join(" · ");
}

function manifestSize(manifest: Manifest): string | undefined {
  return "sizeBytes" in manifest ? formatBytes(manifest.sizeBytes) : undefined;
}
