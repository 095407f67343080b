import type { LintSubject } from "../state/lintState";
import { sourceMatcher } from "../state/takenPaths";
import type { TreeView } from "../state/treeView";

/**
 * Whether every source of the Dockerfiles that was sent is still sent, including everything that a wildcard matches.
 */
export async function keepsSources({ dockerfiles }: LintSubject, before: TreeView, after: TreeView): Promise<boolean> {
  const [old, now] = [await before.evaluate(), await after.evaluate()];
  if (old.isSame(now)) return true;
  const { tree } = before;
  for (const source of dockerfiles.flatMap(({ sources }) => sources)) {
    const { path, isWildcard } = source;
    if (path === undefined || path === "") continue;
    if (!isWildcard) {
      const id = tree.find(path);
      if (id !== undefined && old.isSent(id) && !now.isSent(id)) return false;
      continue;
    }
    const matches = sourceMatcher(source);
    const named = await before.filter((id) => old.isSent(id) && matches(tree.pathOf(id)));
    const left = named.filter((id) => now.isSent(id));
    // A source such as `*` names no particular file, so it is enough if one is left.
    if (isEverything(path) ? named.length > 0 && left.length === 0 : left.length < named.length) return false;
  }
  return true;
}

function isEverything(path: string): boolean {
  return /^\*+$/.test(path.slice(path.lastIndexOf("/") + 1));
}
