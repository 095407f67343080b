import * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import { formatBytes } from "../../../core/text/format";
import { contextValueOf } from "../../ui/contextValues";
import { rowCommand } from "../../ui/rowCommand";
import { tooltipOf } from "../../ui/rows";
import { formatTimeAgo } from "../../ui/timeAgo";
import { problemNodes, type Node } from "../tree/nodes";
import { LocalImageNode, type LocalImagesNode } from "./localImageNodes";
import type { ListedImages } from "./localImages";

/** Row about the list of images: that it is loaded, is empty, or has more images. */
interface ImagesNote {
  readonly kind: "imagesNote";
  readonly label: string;
  readonly icon: string;
  /** List that a click shows more of. */
  readonly more?: LocalImagesNode;
}

/** Row of the images of the local daemon. */
export type LocalImageRow = LocalImagesNode | LocalImageNode | ImagesNote;

export function isLocalImageRow(row: Node | LocalImageRow): row is LocalImageRow {
  return row.kind === "localImages" || row.kind === "localImage" || row.kind === "imagesNote";
}

/** Returns the rows below the row of the images. */
export function rowsOf(parent: LocalImagesNode, listed: ListedImages): (Node | LocalImageRow)[] {
  switch (listed.kind) {
    case "loading":
      return [{ kind: "imagesNote", label: vscode.l10n.t("loading..."), icon: "loading~spin" }];
    case "failed":
      return problemNodes(messageOf(listed.error));
    case "listed": {
      const { images, address } = listed;
      if (images.length === 0)
        return [{ kind: "imagesNote", label: vscode.l10n.t("The daemon has no images with names."), icon: "info" }];
      const rest = images.length - parent.limit;
      const label = vscode.l10n.t("{0} more", rest.toLocaleString());
      return [
        ...images.slice(0, parent.limit).map((image) => new LocalImageNode(parent, image, address, images)),
        ...(rest > 0 ? [{ kind: "imagesNote", label, icon: "ellipsis", more: parent } as const] : []),
      ];
    }
  }
}

/** Creates the tree item of a row. */
export function localImageItem(row: LocalImageRow, listed: ListedImages): vscode.TreeItem {
  switch (row.kind) {
    case "localImages":
      return imagesItem(row, listed);
    case "localImage":
      return imageItem(row);
    case "imagesNote":
      return noteItem(row);
  }
}

function imagesItem({ id, builder }: LocalImagesNode, listed: ListedImages): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t("Images"), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = id;
  item.description = listed.kind === "listed" ? listed.images.length.toLocaleString() : "";
  item.tooltip = vscode.l10n.t("Images of the Docker daemon, newest first");
  item.iconPath = new vscode.ThemeIcon("layers");
  item.contextValue = contextValueOf("localImages", {});
  item.accessibilityInformation = {
    label: [vscode.l10n.t("Images of {0}", builder), item.description].filter(Boolean).join(", "),
  };
  return item;
}

function imageItem({ id, image, otherNames }: LocalImageNode): vscode.TreeItem {
  const { name, imageId, sizeBytes, createdAt } = image;
  // A narrow row has no room for a registry before what tells images apart.
  const [, place = "", last = name] = /^(.+)\/([^/]+)$/.exec(name) ?? [];
  const item = new vscode.TreeItem(last);
  // Images that are the same whenever they are built have no time of creation.
  const isDated = createdAt.getTime() > 0;
  const facts = [formatBytes(sizeBytes), ...(isDated ? [formatTimeAgo(createdAt)] : [])];
  item.id = id;
  item.description = [...facts, place].filter(Boolean).join(" · ");
  item.tooltip = tooltipOf(name, [
    [vscode.l10n.t("Image ID"), imageId],
    [vscode.l10n.t("Size"), formatBytes(sizeBytes)],
    ...(isDated ? [[vscode.l10n.t("Created"), createdAt.toLocaleString()] as const] : []),
    ...(otherNames.length > 0 ? [[vscode.l10n.t("Other names"), otherNames.join(", ")] as const] : []),
  ]);
  item.iconPath = new vscode.ThemeIcon("package");
  item.contextValue = contextValueOf("localImage", {});
  item.accessibilityInformation = { label: [name, ...facts].join(", ") };
  return item;
}

function noteItem({ label, icon, more }: ImagesNote): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = contextValueOf("action", {});
  if (more) item.command = rowCommand("showMoreRows", label, more);
  return item;
}
