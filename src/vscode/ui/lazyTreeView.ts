import * as vscode from "vscode";
import { lazily } from "./lazily";
import { createTreeView, type Provider } from "./treeView";

/** Creates a tree view whose provider loads when VS Code first asks for its rows, which it does for visible views. */
export function createLazyTreeView<Row>(
  id: string,
  load: () => Promise<Provider<Row> & vscode.Disposable>,
  options: Pick<vscode.TreeViewOptions<Row>, "showCollapseAll"> = {},
): vscode.Disposable {
  const changed = new vscode.EventEmitter<Row | Row[] | undefined>();
  const disposables: vscode.Disposable[] = [changed];
  const tree = lazily(async () => {
    const provider = await load();
    disposables.push(provider);
    const listening = provider.onDidChangeTreeData?.((rows) => changed.fire(rows ?? undefined));
    if (listening) disposables.push(listening);
    return provider;
  });
  const view = createTreeView<Row>(id, {
    ...options,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: async (row) => (await tree()).getTreeItem(row),
      getChildren: async (row) => (await tree()).getChildren(row),
    },
  });
  return vscode.Disposable.from(view, new vscode.Disposable(() => vscode.Disposable.from(...disposables).dispose()));
}
