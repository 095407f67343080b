import * as vscode from "vscode";
import type { ComponentsTree } from "./componentsTree";
import type { Node } from "./nodes";

/** Counts on a view's badge how many of its components have something wrong. */
export function showProblems(view: Pick<vscode.TreeView<Node>, "badge">, tree: ComponentsTree): vscode.Disposable {
  return tree.onDidChangeTreeData(() => {
    const { problems } = tree;
    view.badge = problems === 0 ? undefined : { value: problems, tooltip: problems === 1 ? vscode.l10n.t("1 has a problem") : vscode.l10n.t("{0} have problems", problems) };
  });
}
