import * as vscode from "vscode";
import { defuseDetail, defuseLabel, defuseMessage } from "../../core/text/defuse";

/** A tree's rows, whose tooltips come with them. */
type Provider<Row> = Omit<vscode.TreeDataProvider<Row>, "resolveTreeItem">;

/**
 * VS Code's view of a tree; it makes buttons that run commands of links in what it says above its rows, so that is set
 * by this module alone.
 */
export type TreeView<Row> = Omit<vscode.TreeView<Row>, "message" | "description" | "title" | "badge">;

/** A view of any rows. */
type AnyView = Pick<vscode.TreeView<unknown>, "visible">;

const raw = new WeakMap<AnyView, Pick<vscode.TreeView<unknown>, "message" | "description" | "badge">>();

/** Makes a view whose rows show names from elsewhere as they are, without an icon or a link that is in them. */
export function createTreeView<Row>(
  id: string,
  options: Omit<vscode.TreeViewOptions<Row>, "treeDataProvider"> & { readonly treeDataProvider: Provider<Row> },
): TreeView<Row> {
  const view = vscode.window.createTreeView(id, { ...options, treeDataProvider: shown(options.treeDataProvider) });
  raw.set(view, view);
  return view;
}

/** Says something above a view's rows, or nothing. */
export function setViewMessage(view: AnyView, message: string | undefined): void {
  const found = raw.get(view);
  if (found) found.message = message === undefined ? undefined : defuseMessage(message);
}

/** Shows something beside a view's title. */
export function setViewDescription(view: AnyView, description: string): void {
  const found = raw.get(view);
  if (found) found.description = defuseLabel(description);
}

/** Shows a number at a view's icon, or none. */
export function setViewBadge(view: AnyView, badge: vscode.ViewBadge | undefined): void {
  const found = raw.get(view);
  if (found) found.badge = badge && { value: badge.value, tooltip: defuseLabel(badge.tooltip) };
}

function shown<Row>(provider: Provider<Row>): vscode.TreeDataProvider<Row> {
  return {
    onDidChangeTreeData: provider.onDidChangeTreeData,
    getChildren: (row) => provider.getChildren(row),
    getTreeItem(row) {
      const item = provider.getTreeItem(row);
      return "then" in item ? item.then(defuseTreeItem) : defuseTreeItem(item);
    },
    ...(provider.getParent && { getParent: (row: Row) => provider.getParent?.(row) }),
  };
}

/** Makes a row's texts harmless; a tooltip in Markdown comes from `markdown.ts` and is harmless already. */
function defuseTreeItem(item: vscode.TreeItem): vscode.TreeItem {
  if (item.label !== undefined)
    item.label =
      typeof item.label === "string"
        ? defuseLabel(item.label)
        : { ...item.label, label: defuseLabel(item.label.label) };
  if (typeof item.description === "string") item.description = defuseLabel(item.description);
  if (typeof item.tooltip === "string") item.tooltip = defuseDetail(item.tooltip);
  if (item.accessibilityInformation)
    item.accessibilityInformation = {
      ...item.accessibilityInformation,
      label: defuseMessage(item.accessibilityInformation.label),
    };
  return item;
}
