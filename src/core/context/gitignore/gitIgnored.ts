import type { Ignore } from "ignore";
import { TimeSlice } from "../../base/batches";
import type { PathId, PathTree } from "../tree/pathTree";
import { gitLines, gitPatterns } from "./gitPatterns";

/** File with Git's ignore patterns. */
export interface GitIgnoreFile {
  /** Name to show, such as `web/.gitignore`. */
  readonly name: string;
  /**
   * Folder that its patterns are relative to, as a path from the repository's root with slashes; empty for the root.
   */
  readonly folder: string;
  readonly text: string;
}

/** Git's ignore files for a build context. */
export interface GitIgnoreFiles {
  /** Context's folder, as a path from the repository's root with slashes; empty for the root. */
  readonly context: string;
  /** Files of the folders from the repository's root down to the context, lowest precedence first. */
  readonly above: readonly GitIgnoreFile[];
  /** Reads the `.gitignore` of a folder below the context; returns undefined if it can't be read. */
  readonly read: (folder: string) => Promise<string | undefined>;
}

/** Line of one of Git's ignore files. */
export interface GitIgnoreLine {
  readonly file: GitIgnoreFile;
  /** Line number, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Paths that Git ignores because of one line. */
export interface GitIgnoredPaths {
  readonly source: GitIgnoreLine;
  /** Topmost ignored paths, without what is inside them. */
  readonly ids: readonly PathId[];
}

/** Ignore file of a folder, with its compiled patterns. */
interface Scope {
  readonly file: GitIgnoreFile;
  readonly lines: readonly string[];
  readonly patterns: Ignore;
  /** Folders that the patterns ignore but a nearer file includes again, relative to the file's folder. */
  readonly takenBack: readonly string[];
}

/**
 * Finds what Git ignores in a tree, by deciding line, in slices. Includes files that Git tracks in spite of its
 * patterns.
 *
 * @throws the signal's reason when it is aborted
 * @see https://git-scm.com/docs/gitignore
 */
export async function gitIgnoredPaths(
  tree: PathTree,
  { context, above, read }: GitIgnoreFiles,
  signal?: AbortSignal,
): Promise<GitIgnoredPaths[]> {
  const slice = new TimeSlice();
  const found = new Map<string, { readonly source: GitIgnoreLine; readonly ids: PathId[] }>();
  const pending: { readonly folder: PathId; readonly scopes: readonly Scope[] }[] = [
    { folder: tree.root, scopes: above.map((file) => scopeOf(file)) },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { folder, scopes } = next;
    for (const id of tree.childrenOf(folder)) {
      if (slice.isOver) await slice.pause(signal);
      // Git doesn't apply ignore patterns to its own directory.
      if (tree.nameOf(id) === ".git") continue;
      const isDirectory = tree.isDirectory(id);
      const path = join(context, tree.pathOf(id));
      const source = decider(scopes, isDirectory ? `${path}/` : path);
      if (source) {
        const key = `${source.file.name}:${source.line}`;
        const known = found.get(key);
        if (known) known.ids.push(id);
        else found.set(key, { source, ids: [id] });
      } else if (isDirectory) {
        pending.push({ folder: id, scopes: await scopesIn(id, path, scopes) });
      }
    }
  }
  return [...found.values()];

  async function scopesIn(id: PathId, path: string, scopes: readonly Scope[]): Promise<readonly Scope[]> {
    // A nearer file may include the folder again; its contents are then not ignored together with it.
    const open = scopes.map((scope) =>
      testIn(scope, `${path}/`).ignored ? scopeOf(scope.file, [...scope.takenBack, relativeTo(scope, path)]) : scope,
    );
    const own = tree.childrenOf(id).some((child) => tree.nameOf(child) === ".gitignore" && !tree.isDirectory(child));
    const text = own ? await read(tree.pathOf(id)) : undefined;
    return text === undefined
      ? open
      : [...open, scopeOf({ name: `${tree.pathOf(id)}/.gitignore`, folder: path, text })];
  }
}

/**
 * Returns the line that makes Git ignore a path in a folder that is not ignored, or undefined. The nearest file with a
 * matching pattern decides.
 */
function decider(scopes: readonly Scope[], path: string): GitIgnoreLine | undefined {
  for (const scope of scopes.toReversed()) {
    const { ignored, unignored, rule } = testIn(scope, path);
    if (unignored) return undefined;
    if (ignored) {
      const line = Number(rule?.mark);
      return { file: scope.file, line, text: scope.lines[line - 1] ?? "" };
    }
  }
  return undefined;
}

function testIn(scope: Scope, path: string) {
  return scope.patterns.test(relativeTo(scope, path));
}

function relativeTo({ file }: Scope, path: string): string {
  return file.folder === "" ? path : path.slice(file.folder.length + 1);
}

function scopeOf(file: GitIgnoreFile, takenBack: readonly string[] = []): Scope {
  const lines = gitLines(file.text);
  const patterns = gitPatterns(lines).add(
    takenBack.map((path) => ({ pattern: `!/${path.replace(/[\\*?[\] ]/g, "\\$&")}` })),
  );
  return { file, lines, patterns, takenBack };
}

function join(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}
