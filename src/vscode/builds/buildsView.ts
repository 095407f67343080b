import * as vscode from "vscode";
import { setContext } from "../platform/contextKeys";
import type { WithBuilds } from "./builds";
import { createTreeView, setViewBadge } from "../ui/treeView";
import { buildItem, type BuildNode } from "./buildNode";
import { followFirstSteps, type FirstStepsServices } from "./firstSteps";

/** Interval in milliseconds at which the ages in the rows are updated. */
const ageMs = 60_000;

/** Creates the view of this workspace's builds, newest first. Its badge counts the running ones of this window. */
export function createBuildsView(services: WithBuilds & FirstStepsServices): vscode.Disposable {
  const { builds } = services;
  /** Rows by the IDs of their builds, whose objects are new after each load. */
  const rows = new Map<string, BuildNode>();
  const changed = new vscode.EventEmitter<BuildNode | BuildNode[] | undefined>();
  const view = createTreeView<BuildNode>("imageBuilders.builds", {
    canSelectMany: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: buildItem,
      async getChildren(parent) {
        if (parent) return [];
        const kept = (await builds.load()).map((build): BuildNode => {
          const row = rows.get(build.id);
          return row?.build === build ? row : { kind: "build", build };
        });
        rows.clear();
        for (const row of kept) rows.set(row.build.id, row);
        return kept;
      },
    },
  });
  const listening = builds.onDidChange((build) => {
    changed.fire(build && rows.get(build.id));
    const running = builds.running.length;
    setViewBadge(view, running === 0 ? undefined : { value: running, tooltip: vscode.l10n.t("{0} running", running) });
    void setContext("building", running > 0);
    if (build?.repoDigest !== undefined) void setContext("pushed", true);
  });
  // VS Code forgets all rows when it is told to load them again, and with them those of open menus.
  const aging = setInterval(() => view.visible && rows.size > 0 && changed.fire([...rows.values()]), ageMs);
  aging.unref();
  return vscode.Disposable.from(
    view,
    changed,
    listening,
    followFirstSteps(services, view),
    new vscode.Disposable(() => clearInterval(aging)),
  );
}
