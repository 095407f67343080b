import * as vscode from "vscode";
import { defuseDetail, defuseLabel, defuseMessage } from "../../core/text/defuse";

/** Provider of rows with complete tooltips. */
export type Provider<Row> = Omit<vscode.TreeDataProvider<Row>, "resolveTreeItem">;

/**
 * Tree view of VS Code, without the properties in which VS Code shows links that run commands. Only this module sets
 * those.
 */
export type TreeView<Row> = Omit<vscode.TreeView<Row>, "message" | "description" | "title" | "badge">;

/** Tree view with rows of any type. */
type AnyView = Pick<vscode.TreeView<unknown>, "visible">;

const raw = new WeakMap<AnyView, Pick<vscode.TreeView<unknown>, "message" | "description" | "badge">>();

/** Creates a tree view whose rows show foreign names unchanged, without icons or links. */
export function createTreeView<Row>(
  id: string,
  options: Omit<vscode.TreeViewOptions<Row>, "treeDataProvider"> & { readonly treeDataProvider: Provider<Row> },
): TreeView<Row> {
  const view = vscode.window.createTreeView(id, { ...options, treeDataProvider: shown(options.treeDataProvider) });
  raw.set(view, view);
  return view;
}

/** Sets or clears the message above a view's rows. */
export function setViewMessage(view: AnyView, message: string | undefined): void {
  const found = raw.get(view);
  if (found) found.message = message === undefined ? undefined : defuseMessage(message);
}

/** Sets the description next to a view's title. */
export function setViewDescription(view: AnyView, description: string): void {
  const found = raw.get(view);
  if (found) found.description = defuseLabel(description);
}

/** Sets or clears the badge of a view. */
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

/** Makes the texts of a row safe. A Markdown tooltip comes from `markdown.ts` and is safe already. */
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
