import * as vscode from "vscode";
import type { Builds } from "./builds";
import { createTreeView, setViewBadge } from "../ui/treeView";
import { buildItem, type BuildNode } from "./buildNode";

/** Creates the view of this window's builds, newest first. Its badge counts the running ones. */
export function createBuildsView(builds: Builds): vscode.Disposable {
  const rows = new Map<object, BuildNode>();
  const changed = new vscode.EventEmitter<BuildNode | undefined>();
  const view = createTreeView<BuildNode>("imageBuilders.builds", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: buildItem,
      getChildren(parent) {
        if (parent) return [];
        const kept = builds.list.map((build): BuildNode => rows.get(build) ?? { kind: "build", build });
        rows.clear();
        for (const row of kept) rows.set(row.build, row);
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
