import * as vscode from "vscode";
import type { ContentKind } from "../../../core/context/overview/contentKind";
import type { ContextOverview } from "../../../core/context/overview/contextOverview";
import type { TreemapNode } from "../../../core/context/overview/treemap";
import type { DrawnNode, Picture } from "../../../webview/messages";
import { formatFiles } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";
import { marksInWords, markInWords } from "../model/contextWords";

/** Maximum number of marked files that are listed. */
const maxMarked = 20;

/** Creates the drawing data of a folder. If it no longer exists, its nearest existing parent is drawn. */
export async function pictureOf(overview: ContextOverview, path: string, name: string): Promise<Picture> {
  const { treemapOf } = await import("../../../core/context/overview/treemap");
  const { root, kinds } = await treemapOf(overview, nearestFolder(overview, path));
  const marked = [...overview.marks.all()].map(([id, mark]) => ({
    path: overview.tree.pathOf(id),
    mark: mark.kind,
    note: markInWords(mark),
  }));
  marked.sort((a, b) => Number(b.mark === "secret") - Number(a.mark === "secret"));
  const more = marked.length - maxMarked;
  return {
    type: "picture",
    name,
    ignoreFile: overview.state.subject.isMissing ? vscode.l10n.t("no ignore file") : overview.state.subject.file,
    root: drawn(overview, root),
    kinds: kinds.map(({ kind, bytes }) => ({ kind, bytes, label: labelOf(kind), size: formatBytes(bytes) })),
    marked: marked.slice(0, maxMarked),
    markedMore: more > 0 ? vscode.l10n.t("{0} more", more.toLocaleString()) : "",
  };
}

function nearestFolder({ tree }: ContextOverview, path: string): number {
  for (let at = path; at !== ""; at = at.slice(0, Math.max(at.lastIndexOf("/"), 0))) {
    const id = tree.find(at);
    if (id !== undefined && tree.isDirectory(id)) return id;
  }
  return tree.root;
}

function drawn(overview: ContextOverview, node: TreemapNode): DrawnNode {
  const { path, name, type, kind, bytes, files, mark, children } = node;
  const row = type === "folder" ? overview.row(path) : undefined;
  const note = mark ? markInWords(mark) : row && marksInWords(row).join(", ");
  return {
    path,
    name,
    type,
    kind,
    bytes,
    size: formatBytes(bytes),
    count: formatFiles(files),
    mark: mark?.kind,
    ...(note ? { note } : {}),
    ...(children ? { children: children.map((child) => drawn(overview, child)) } : {}),
  };
}

function labelOf(kind: ContentKind): string {
  switch (kind) {
    case "code":
      return vscode.l10n.t("Code and text");
    case "dependencies":
      return vscode.l10n.t("Dependencies");
    case "history":
      return vscode.l10n.t("Version history");
    case "data":
      return vscode.l10n.t("Data and models");
    case "media":
      return vscode.l10n.t("Media and documents");
    case "archives":
      return vscode.l10n.t("Archives and binaries");
    case "caches":
      return vscode.l10n.t("Caches and outputs");
    case "other":
      return vscode.l10n.t("Other");
  }
}
