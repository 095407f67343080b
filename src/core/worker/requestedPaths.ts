import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path/posix";
import type { BuildOptions } from "../base/buildOptions";
import { PathScope } from "../context/files/pathScope";
import { contextSources } from "../dockerfile/contextSources";
import { copySources, type Taken } from "../dockerfile/copySources";
import { systemCodeOf } from "../base/errors";
import { isForeignSyntax, syntaxOf } from "../dockerfile/syntax";
import { followedFiles } from "../session/followedFiles";
import { followPathsFilter } from "../session/followPaths";

/** Of a build whose Dockerfile does not tell what it asks for. */
export const everything = (): boolean => true;

/** Of how many paths only the beginning may be known: each is compared with each file. */
const mostPrefixes = 1_000;
/** In how many folders symlinks are looked for below all of them. */
const mostFolders = 1_000;

/**
 * Which entries of its context BuildKit asks for: those that the Dockerfile copies, and everything where that cannot be
 * told. What the ONBUILD instructions of a base image copy is not known here.
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

/** The same as a part of the context; undefined where it may be everything. */
export function requestedScope(
  dockerfile: string,
  options: BuildOptions,
  root: string | undefined,
): PathScope | undefined {
  return scopeOf(requestedSources(dockerfile, options, root), root);
}

/**
 * The part of a named context that BuildKit asks for, likewise.
 *
 * @param isSelective whether BuildKit asks for what is copied only, as Docker's does from 26 on
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

/** The same as a test of paths. */
export function requestedOfContext(
  folder: Parameters<typeof requestedScopeOfContext>[0],
  dockerfile: string,
  options: BuildOptions,
): (path: string) => boolean {
  const scope = requestedScopeOfContext(folder, dockerfile, options);
  return scope ? (path) => scope.includes(path) : everything;
}

/**
 * The same without the folders on the way, and exact where paths hold wildcards or lead over symlinks: for telling what
 * a build asks for, where `requestedPaths` is for sending it.
 */
export function requestedFiles(
  dockerfile: string,
  options: BuildOptions,
  root: string | undefined,
): (path: string) => boolean {
  return filesOf(requestedSources(dockerfile, options, root), root);
}

/** The same of a named context, for a BuildKit that asks for what is copied only. */
export function requestedFilesOfContext(
  { name, root }: { readonly name: string; readonly root: string },
  dockerfile: string,
  options: BuildOptions,
): (path: string) => boolean {
  return filesOf(sourcesOf(contextSources(dockerfile, name, options), root), root);
}

/** What a build copies: paths, and what others begin with; undefined where it may be everything. */
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

/** Reads each folder once, and gives up after some. */
class FolderReader {
  readonly #known = new Map<string, readonly Dirent[]>();

  /** @returns undefined after too many; throws the system's error */
  read(folder: string): readonly Dirent[] | undefined {
    const known = this.#known.get(folder);
    if (known || this.#known.size >= mostFolders) return known;
    // What no path leads over is of no interest.
    const items = readdirSync(folder, { withFileTypes: true }).filter(
      (item) => item.isSymbolicLink() || item.isDirectory(),
    );
    this.#known.set(folder, items);
    return items;
  }
}

/** Whether a path that begins so may lead over a symlink, whose target the daemon then asks for too. */
function mayLeadAway(prefix: string, root: string | undefined, folders: FolderReader): boolean {
  if (root === undefined) return true;
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const parts = folder.split("/").filter((part) => part !== "");
  const pending = [join(root, folder)];
  try {
    let above = root;
    for (const part of parts) {
      const items = folders.read(above);
      if (!items || items.some((item) => item.name === part && item.isSymbolicLink())) return true;
      above = join(above, part);
    }
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const items = folders.read(next);
      if (!items) return true;
      for (const item of items) {
        if (next === join(root, folder) && !item.name.startsWith(prefix.slice(folder.length))) continue;
        if (item.isSymbolicLink()) return true;
        pending.push(join(next, item.name));
      }
    }
    return false;
  } catch (error) {
    // What is not there leads nowhere; what cannot be looked at may.
    return systemCodeOf(error) !== "ENOENT";
  }
}
