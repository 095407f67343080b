import * as vscode from "vscode";
import { setViewBadge, type TreeView } from "../../ui/treeView";
import type { ComponentsTree } from "./componentsTree";
import type { Node } from "./nodes";

/** Shows the number of components with problems as the view's badge. */
export function showProblems(view: Pick<TreeView<Node>, "visible">, tree: ComponentsTree): vscode.Disposable {
  return tree.onDidChangeTreeData(() => {
    const { problems } = tree;
    setViewBadge(
      view,
      problems === 0
        ? undefined
        : {
            value: problems,
            tooltip:
              problems === 1 ? vscode.l10n.t("1 needs attention") : vscode.l10n.t("{0} need attention", problems),
          },
    );
  });
}
