import type { Ignore } from "ignore";
import { TimeSlice } from "../../base/batches";
import type { PathId, PathTree } from "../tree/pathTree";
import { gitLines, gitPatterns } from "./gitPatterns";

/** A file with Git's ignore patterns. */
export interface GitIgnoreFile {
  /** As it is shown, such as `web/.gitignore`. */
  readonly name: string;
  /** The folder that its patterns are relative to, slash-separated from the repository's root; empty for the root. */
  readonly folder: string;
  readonly text: string;
}

/** Where Git's ignore patterns are. */
export interface GitIgnoreFiles {
  /** The context's folder, slash-separated from the repository's root; empty for the root. */
  readonly context: string;
  /** Those of the repository as a whole and of the folders down to the context's own, the weakest first. */
  readonly above: readonly GitIgnoreFile[];
  /** Reads the `.gitignore` of a folder below the context; nothing if it cannot be read. */
  readonly read: (folder: string) => Promise<string | undefined>;
}

/** A line of a file with Git's ignore patterns. */
export interface GitIgnoreLine {
  readonly file: GitIgnoreFile;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** What Git ignores because of one line. */
export interface GitIgnoredPaths {
  readonly source: GitIgnoreLine;
  /** Without what lies in another of them. */
  readonly ids: readonly PathId[];
}

/** A folder's patterns, with what Git makes of them. */
interface Scope {
  readonly file: GitIgnoreFile;
  readonly lines: readonly string[];
  readonly patterns: Ignore;
  /** Folders that the patterns ignore and a nearer file does not, relative to the file's folder. */
  readonly takenBack: readonly string[];
}

/**
 * Finds what Git ignores in a tree, by the line that decides, in slices. Files that Git tracks all the same are among
 * it.
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
      // Git neither ignores nor keeps what it keeps things in.
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
    // A nearer file may have taken the folder back; what is in it is not ignored with it then.
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
 * The line that makes Git ignore a path whose folder it does not ignore: the nearest file that says anything about it
 * decides.
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
