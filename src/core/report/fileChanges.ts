import { posix } from "node:path";
import { cleanPath } from "../base/goText";
import { matcherOf } from "../context/dockerignore/pathMatcher";
import type { TakenPath } from "../dockerfile/stepRecipes";
import { hashAt, type OfferedFiles } from "../operation/offeredFiles";

/** Limit on the symlinks that are followed for one instruction. */
const mostLinks = 50;

/** Difference of a file from the one that was offered before. */
export interface FileChange {
  /** Name of a named context; undefined for the build's own. */
  readonly context?: string;
  /** Relative to the build context, with slashes. */
  readonly path: string;
  /** A file that `mayHaveChanged` has the same size and another time, and one of its contents is not known. */
  readonly kind: "changed" | "added" | "removed" | "mayHaveChanged";
}

/** Files that an instruction takes from one build context. */
export interface TakenFiles {
  readonly taken: readonly TakenPath[];
  readonly excludes: readonly string[];
}

/**
 * Compares the files that an instruction takes by what BuildKit compares: path, type, mode, and content. Returns
 * undefined if the Dockerfile doesn't determine which files it takes.
 */
export function fileChanges(before: OfferedFiles, now: OfferedFiles, files: TakenFiles): FileChange[] | undefined {
  const [wasTaken, isTaken] = [takenIn(before, files), takenIn(now, files)];
  if (!wasTaken || !isTaken) return undefined;
  const earlier = new Map(before.paths.flatMap((path, i) => (wasTaken(path) ? [[path, i] as const] : [])));
  const found: FileChange[] = [];
  const [linksBefore, linksNow] = [new Map(before.links), new Map(now.links)];
  for (const [i, path] of now.paths.entries()) {
    if (!isTaken(path)) continue;
    const old = earlier.get(path);
    earlier.delete(path);
    if (old === undefined) found.push({ path, kind: "added" });
    else {
      const isOther =
        before.kinds[old] !== now.kinds[i] ||
        before.modes[old] !== now.modes[i] ||
        linksBefore.get(old) !== linksNow.get(i);
      const kind = isOther ? "changed" : contentChange(before, old, now, i);
      if (kind) found.push({ path, kind });
    }
  }
  for (const path of earlier.keys()) found.push({ path, kind: "removed" });
  return withoutFolders(found, new Set([...foldersIn(before), ...foldersIn(now)])).sort(byKindAndPath);
}

function contentChange(
  before: OfferedFiles,
  old: number,
  now: OfferedFiles,
  index: number,
): FileChange["kind"] | undefined {
  if (now.kinds[index] !== "f") return undefined;
  if (before.sizes[old] !== now.sizes[index]) return "changed";
  const [hashBefore, hashNow] = [hashAt(before, old), hashAt(now, index)];
  if (hashBefore !== undefined && hashNow !== undefined) return hashBefore === hashNow ? undefined : "changed";
  // BuildKit itself takes a file of the same size and time for the same.
  return before.times[old] === now.times[index] ? undefined : "mayHaveChanged";
}

function foldersIn({ paths, kinds }: OfferedFiles): string[] {
  return paths.filter((_, i) => kinds[i] === "d");
}

/** Leaves out folders that are new or gone together with something in them. */
function withoutFolders(changes: readonly FileChange[], folders: ReadonlySet<string>): FileChange[] {
  const filled = new Set<string>();
  for (const { path } of changes)
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) filled.add(path.slice(0, end));
  return changes.filter(({ path, kind }) => kind === "changed" || !folders.has(path) || !filled.has(path));
}

const order: readonly FileChange["kind"][] = ["changed", "added", "removed", "mayHaveChanged"];

function byKindAndPath(a: FileChange, b: FileChange): number {
  return order.indexOf(a.kind) - order.indexOf(b.kind) || (a.path < b.path ? -1 : 1);
}

/** Returns a test of whether an instruction takes a file; undefined if that isn't known. */
function takenIn(files: OfferedFiles, { taken, excludes }: TakenFiles): ((path: string) => boolean) | undefined {
  const paths = taken.flatMap(({ path }) => path ?? []);
  if (paths.length < taken.length) return undefined;
  const isExcluded = excludedBy(excludes, paths);
  if (paths.includes("")) return (path) => !isExcluded(path);
  const matches = matcherOf(withLinks(files, taken));
  return (path) => matches(path) && !isExcluded(path);
}

/** Adds the targets of symlinks, which an instruction follows if it names them, or a folder of them. */
function withLinks(files: OfferedFiles, taken: readonly TakenPath[]): string[] {
  const links = new Map(
    files.links.flatMap(([i, target]) => (files.kinds[i] === "l" ? [[files.paths[i] ?? "", target] as const] : [])),
  );
  const found = new Set<string>();
  const pending = taken.map(({ path = "", isWildcard }) => ({ path, isWildcard }));
  for (let next = pending.pop(); next && found.size < mostLinks + taken.length; next = pending.pop()) {
    const { path, isWildcard } = next;
    if (found.has(path)) continue;
    found.add(path);
    for (const [link, target] of links) {
      const place = cleanPath(`/${target.startsWith("/") ? target : posix.join(posix.dirname(link), target)}`).slice(1);
      if (isWildcard ? isNamed(path, link) : path === link) pending.push({ path: place, isWildcard: false });
      else if (path.startsWith(`${link}/`)) pending.push({ path: place + path.slice(link.length), isWildcard });
    }
  }
  return [...found];
}

/** Checks whether a pattern matches a path itself, and not a folder above it. */
function isNamed(pattern: string, path: string): boolean {
  return pattern.split("/").length === path.split("/").length && matcherOf([pattern])(path);
}

/**
 * Returns a test of whether `--exclude` may leave out a path. Its patterns count from the copied folder; a path that
 * matches in any way is left out here, so that no file is named that the instruction doesn't take.
 */
function excludedBy(excludes: readonly string[], sources: readonly string[]): (path: string) => boolean {
  if (excludes.length === 0) return () => false;
  const matches = matcherOf(excludes.map((pattern) => cleanPath(`/${pattern.replace(/^!/, "")}`).slice(1)));
  return (path) =>
    matches(path) ||
    matches(posix.basename(path)) ||
    sources.some((source) => source !== "" && path.startsWith(`${source}/`) && matches(path.slice(source.length + 1)));
}
