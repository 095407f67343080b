import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "../base/buildOptions";
import { inFolder, realFolder } from "../context/files/realFolder";
import { PathScope } from "../context/files/pathScope";
import { contextSources } from "../dockerfile/contextSources";
import { copySources, type Taken } from "../dockerfile/copySources";
import { systemCodeOf } from "../base/errors";
import { isForeignSyntax, syntaxOf } from "../dockerfile/syntax";
import { followedFiles } from "../session/followedFiles";
import { followPathsFilter } from "../session/followPaths";

/** Filter for a build whose Dockerfile does not determine what it requests: every path. */
export const everything = (): boolean => true;

/** Limit on paths of which only the beginning is known, because each is compared with each file. */
const mostPrefixes = 1_000;
/** Limit on the folders that are searched for symlinks. */
const mostFolders = 1_000;

/**
 * Returns a filter for the entries that BuildKit requests from the build context: those that the Dockerfile copies, or
 * everything if that is unknown. It doesn't know what the ONBUILD instructions of a base image copy.
 *
 * @param root absolute path of the context
 */
export function requestedPaths(
  dockerfile: string,
  options: BuildOptions,
  root: string | undefined,
): (path: string) => boolean {
  const scope = requestedScope(dockerfile, options, root);
  return scope ? (path) => scope.includes(path) : everything;
}

/** Returns the part of the context that BuildKit requests, as `requestedPaths`; undefined if it may be everything. */
export function requestedScope(
  dockerfile: string,
  options: BuildOptions,
  root: string | undefined,
): PathScope | undefined {
  return scopeOf(requestedSources(dockerfile, options, root), root);
}

/**
 * Returns the part of a named context that BuildKit requests; undefined if it may be everything.
 *
 * @param isSelective whether BuildKit requests only the files that are copied, as Docker's does since version 26
 */
export function requestedScopeOfContext(
  { name, root, isSelective }: { readonly name: string; readonly root: string; readonly isSelective: boolean },
  dockerfile: string,
  options: BuildOptions,
): PathScope | undefined {
  const taken = contextSources(dockerfile, name, options);
  if (!isSelective && taken.length > 0) return undefined;
  return scopeOf(sourcesOf(taken, root), root);
}

/** Returns a filter for the paths of a named context that BuildKit requests. */
export function requestedOfContext(
  folder: Parameters<typeof requestedScopeOfContext>[0],
  dockerfile: string,
  options: BuildOptions,
): (path: string) => boolean {
  const scope = requestedScopeOfContext(folder, dockerfile, options);
  return scope ? (path) => scope.includes(path) : everything;
}

/**
 * Returns a filter for the files that a build requests, to show them; `requestedPaths` is for sending them. It excludes
 * parent folders, and is exact for wildcards and symlinks.
 */
export function requestedFiles(
  dockerfile: string,
  options: BuildOptions,
  root: string | undefined,
): (path: string) => boolean {
  return filesOf(requestedSources(dockerfile, options, root), root);
}

/** Returns the same filter for a named context, for a BuildKit that requests only the files that are copied. */
export function requestedFilesOfContext(
  { name, root }: { readonly name: string; readonly root: string },
  dockerfile: string,
  options: BuildOptions,
): (path: string) => boolean {
  return filesOf(sourcesOf(contextSources(dockerfile, name, options), root), root);
}

/** Sources that a build copies: paths, and the beginnings of others; undefined if it may be everything. */
type Sources = { readonly known: readonly string[]; readonly prefixes: readonly string[] } | undefined;

function requestedSources(dockerfile: string, options: BuildOptions, root: string | undefined): Sources {
  if (isForeignSyntax(syntaxOf(dockerfile, options.buildArgs))) return undefined;
  return sourcesOf(
    copySources(dockerfile, options.buildArgs, options).filter(({ isReached }) => isReached),
    root,
  );
}

function sourcesOf(taken: readonly Taken[], root: string | undefined): Sources {
  const known = taken.flatMap(({ path }) => path ?? []);
  const prefixes = [...new Set(taken.flatMap(({ path, prefix = "" }) => (path === undefined ? [prefix] : [])))];
  if (prefixes.length > mostPrefixes || prefixes.includes("")) return undefined;
  const folders = new FolderReader();
  return prefixes.some((prefix) => mayLeadAway(prefix, root, folders)) ? undefined : { known, prefixes };
}

function scopeOf(sources: Sources, root: string | undefined): PathScope | undefined {
  if (!sources) return undefined;
  const { known, prefixes } = sources;
  const named = known.length > 0 ? followPathsFilter(known, root).scope : new PathScope([]);
  return named && new PathScope(named.roots, prefixes);
}

function filesOf(sources: Sources, root: string | undefined): (path: string) => boolean {
  if (!sources || sources.known.includes("")) return everything;
  const isNamed = sources.known.length > 0 ? followedFiles(sources.known, root) : () => false;
  const begun = new PathScope([], sources.prefixes);
  return (path) => isNamed(path) || begun.includes(path);
}

/** Reads each folder once, up to a limit on the number of folders. */
class FolderReader {
  readonly #known = new Map<string, readonly Dirent[]>();

  /**
   * @returns undefined if the limit is reached
   * @param folder absolute path without links
   * @throws the file system's error; FolderMovedError if a link has just taken its place
   */
  read(folder: string): readonly Dirent[] | undefined {
    const known = this.#known.get(folder);
    if (known || this.#known.size >= mostFolders) return known;
    // Only symlinks and folders can lead to another place.
    const all = inFolder(folder, (place) => readdirSync(place, { withFileTypes: true }));
    const items = all.filter((item) => item.isSymbolicLink() || item.isDirectory());
    this.#known.set(folder, items);
    return items;
  }
}

/** Checks whether a path with this beginning may pass through a symlink, whose target the daemon then also requests. */
function mayLeadAway(prefix: string, root: string | undefined, folders: FolderReader): boolean {
  if (root === undefined) return true;
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const parts = folder.split("/").filter((part) => part !== "");
  try {
    const { realPath } = realFolder(root);
    const start = join(realPath, ...parts);
    const pending = [start];
    let above = realPath;
    for (const part of parts) {
      const items = folders.read(above);
      if (!items || items.some((item) => item.name === part && item.isSymbolicLink())) return true;
      above = join(above, part);
    }
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const items = folders.read(next);
      if (!items) return true;
      for (const item of items) {
        if (next === start && !item.name.startsWith(prefix.slice(folder.length))) continue;
        if (item.isSymbolicLink()) return true;
        pending.push(join(next, item.name));
      }
    }
    return false;
  } catch (error) {
    // A missing folder leads nowhere; one that can't be read may contain symlinks.
    return systemCodeOf(error) !== "ENOENT";
  }
}
