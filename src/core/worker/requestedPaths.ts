import { readdirSync } from "node:fs";
import { join } from "node:path/posix";
import type { BuildOptions } from "../base/buildOptions";
import { contextSources } from "../dockerfile/contextSources";
import { copySources, mayBeginWith, type Taken } from "../dockerfile/copySources";
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
  return requestedBy(dockerfile, options, root, (known) => followPathsFilter(known, root).wants);
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
  return requestedBy(dockerfile, options, root, (known) =>
    known.includes("") ? everything : followedFiles(known, root),
  );
}

/**
 * Which entries of a named context BuildKit asks for, likewise.
 *
 * @param isSelective whether BuildKit asks for what is copied only, as Docker's does from 26 on
 */
export function requestedOfContext(
  { name, root, isSelective }: { readonly name: string; readonly root: string; readonly isSelective: boolean },
  dockerfile: string,
  options: BuildOptions,
): (path: string) => boolean {
  const sources = contextSources(dockerfile, name, options);
  if (!isSelective) return sources.length > 0 ? everything : () => false;
  return requestedSources(sources, root, (known) => followPathsFilter(known, root).wants);
}

/** The same for telling what a build asks for, of a BuildKit that asks for what is copied only. */
export function requestedFilesOfContext(
  { name, root }: { readonly name: string; readonly root: string },
  dockerfile: string,
  options: BuildOptions,
): (path: string) => boolean {
  return requestedSources(contextSources(dockerfile, name, options), root, (known) =>
    known.includes("") ? everything : followedFiles(known, root),
  );
}

function requestedBy(
  dockerfile: string,
  options: BuildOptions,
  root: string | undefined,
  filterOf: (known: readonly string[]) => (path: string) => boolean,
): (path: string) => boolean {
  if (isForeignSyntax(syntaxOf(dockerfile, options.buildArgs))) return everything;
  const sources = copySources(dockerfile, options.buildArgs, options).filter(({ isReached }) => isReached);
  return requestedSources(sources, root, filterOf);
}

function requestedSources(
  sources: readonly Taken[],
  root: string | undefined,
  filterOf: (known: readonly string[]) => (path: string) => boolean,
): (path: string) => boolean {
  if (sources.length === 0) return () => false;
  const known = sources.flatMap(({ path }) => path ?? []);
  const prefixes = sources.flatMap(({ path, prefix = "" }) => (path === undefined ? [prefix] : []));
  if (prefixes.some((prefix) => prefix === "" || mayLeadAway(prefix, root))) return everything;
  const isNamed = known.length > 0 ? filterOf(known) : () => false;
  return (path) =>
    isNamed(path) || prefixes.some((prefix) => mayBeginWith(path, prefix) || prefix.startsWith(`${path}/`));
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
