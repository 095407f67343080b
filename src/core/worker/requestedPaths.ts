import { readdirSync } from "node:fs";
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

/** In how many folders symlinks are looked for below a path of which only the beginning is known. */
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
  const prefixes = taken.flatMap(({ path, prefix = "" }) => (path === undefined ? [prefix] : []));
  return prefixes.some((prefix) => prefix === "" || mayLeadAway(prefix, root)) ? undefined : { known, prefixes };
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

/** Whether a path that begins so may lead over a symlink, whose target the daemon then asks for too. */
function mayLeadAway(prefix: string, root: string | undefined): boolean {
  if (root === undefined) return true;
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const parts = folder.split("/").filter((part) => part !== "");
  const pending = [join(root, folder)];
  let left = mostFolders;
  try {
    const above = parts.some((part, i) =>
      readdirSync(join(root, ...parts.slice(0, i)), { withFileTypes: true }).some(
        (entry) => entry.name === part && entry.isSymbolicLink(),
      ),
    );
    if (above) return true;
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (left-- <= 0) return true;
      for (const entry of readdirSync(next, { withFileTypes: true })) {
        const isMeant = next !== join(root, folder) || entry.name.startsWith(prefix.slice(folder.length));
        if (isMeant && entry.isSymbolicLink()) return true;
        if (isMeant && entry.isDirectory()) pending.push(join(next, entry.name));
      }
    }
    return false;
  } catch (error) {
    // What is not there leads nowhere; what cannot be looked at may.
    return systemCodeOf(error) !== "ENOENT";
  }
}
