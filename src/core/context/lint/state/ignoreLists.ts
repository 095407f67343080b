import type { CopySource } from "../../../dockerfile/copySources";
import { clutterOf, secretKindOf } from "./names";
import { escapePath } from "./escapePath";
import type { LintSubject } from "./lintState";
import { takenPaths } from "./takenPaths";
import type { TreeView } from "./treeView";

/** Everything out, and what is copied back in; nothing where the Dockerfiles copy everything or do not tell what. */
export function allowList(all: readonly CopySource[]): string[] {
  const sources = all.filter(({ isUnused }) => !isUnused);
  if (sources.length === 0 || sources.some(({ path, spansFolders }) => !path || spansFolders)) return [];
  return ["*", ...new Set(sources.map(({ path = "", isWildcard }) => `!${isWildcard ? path : escapePath(path)}`))];
}

/** What is sent and should not be. */
export interface Unwanted {
  /** One for each kind. */
  readonly lines: string[];
  /** One for each name. */
  readonly names: string[];
  readonly paths: ReadonlySet<string>;
  /** How many files are of such a kind. */
  readonly files: number;
}

/** A line for each kind of what is sent and should not be, and how many files are of such a kind. */
export async function unwantedLines(subject: LintSubject, view: TreeView): Promise<Unwanted> {
  const { tree } = view;
  const evaluation = await view.evaluate();
  const isTaken = takenPaths(subject, tree);
  const [lines, names, paths] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let files = 0;
  await view.filter((id) => {
    const isFolder = tree.isDirectory(id);
    const line = clutterOf(tree.nameOf(id), isFolder)
      ? `**/${tree.nameOf(id)}`
      : isFolder
        ? undefined
        : secretKindOf(tree.pathOf(id))?.pattern;
    if (line === undefined || !evaluation.isSent(id) || !isTaken(id)) return false;
    if (!lines.has(line) || !isFolder) files += isFolder ? tree.filesOf(id) : 1;
    lines.add(line);
    names.add(`**/${escapePath(tree.nameOf(id))}`);
    paths.add(tree.pathOf(id));
    return true;
  });
  return { lines: [...lines], names: [...names], paths, files };
}
