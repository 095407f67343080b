import * as vscode from "vscode";
import type { Builds } from "../builds/builds";
import { createTreeView, setViewBadge } from "../ui/treeView";
import { treeItemOf, type Node } from "./nodes";

/** The view of this window's builds, the newest first; its badge counts those that run. */
export function createBuildsView(builds: Builds): vscode.Disposable {
  const rows = new Map<object, Node>();
  const changed = new vscode.EventEmitter<Node | undefined>();
  const view = createTreeView<Node>("imageBuilders.builds", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: treeItemOf,
      getChildren(parent) {
        if (parent) return [];
        const kept = builds.list.map((build): Node => rows.get(build) ?? { kind: "build", build });
        rows.clear();
        for (const row of kept) if (row.kind === "build") rows.set(row.build, row);
        return kept;
      },
    },
  });
  const listening = builds.onDidChange((build) => {
    changed.fire(build && rows.get(build));
    const running = builds.running.length;
    setViewBadge(view, running === 0 ? undefined : { value: running, tooltip: vscode.l10n.t("{0} running", running) });
    void vscode.commands.executeCommand("setContext", "imageBuilders:building", running > 0);
  });
  return vscode.Disposable.from(view, changed, listening);
}
