import type { CopySource } from "../../../dockerfile/copySources";
import { clutterOf, secretKindOf } from "./names";
import { escapePath } from "./escapePath";
import type { LintSubject } from "./lintState";
import { takenPaths } from "./takenPaths";
import type { TreeView } from "./treeView";

/**
 * Returns lines that exclude everything and include what is copied; empty if the Dockerfiles copy everything or their
 * sources are unknown.
 */
export function allowList(all: readonly CopySource[]): string[] {
  const sources = all.filter(({ isUnused }) => !isUnused);
  if (sources.length === 0 || sources.some(({ path, spansFolders }) => !path || spansFolders)) return [];
  return ["*", ...new Set(sources.map(({ path = "", isWildcard }) => `!${isWildcard ? path : escapePath(path)}`))];
}

/** Paths that are sent but should not be. */
export interface Unwanted {
  /** One line per kind. */
  readonly lines: string[];
  /** One line per name. */
  readonly names: string[];
  readonly paths: ReadonlySet<string>;
  /** Number of unwanted files. */
  readonly files: number;
}

/** Finds what is sent but should not be, with a line for each kind and for each name. */
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
