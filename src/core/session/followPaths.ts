import { matcherOf } from "../context/dockerignore/pathMatcher";
import { compareTree } from "../context/files/pathOrder";
import { PathScope } from "../context/files/pathScope";
import { LinkFollower } from "./linkFollower";

/** Determines which listed entries are sent: those that no COPY or ADD reads may be omitted. */
export interface EntryFilter {
  /** Wanted part of the folder; undefined for everything. */
  readonly scope?: PathScope;
  readonly wants: (path: string) => boolean;
  /** Whether no wanted path follows, in the order in which entries are sent. */
  readonly isPast: (path: string) => boolean;
  /** Whether a build fails without a path. Exact, although `wants` may accept more. */
  readonly requires: (path: string) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const everything: EntryFilter = { wants: always, isPast: never, requires: always };
const wildcard = /[*?[\\]/;

/**
 * Returns the filter for a list of follow paths: it accepts the named paths, everything below them, and the directories
 * above them; for a wildcard, everything in its directory. Follows symlinks within the root.
 *
 * @param followPaths paths relative to the root, with slashes and possibly wildcards; empty for everything
 */
export function followPathsFilter(followPaths: readonly string[], root: string | undefined): EntryFilter {
  if (followPaths.length === 0 || root === undefined) return everything;
  const patterns = new LinkFollower(root, false).follow(followPaths);
  if (!patterns) return everything;
  const roots = patterns.map(literalPart);
  const scope = new PathScope(roots.filter((path) => path !== ""));
  let matches: ((path: string) => boolean) | undefined;
  // A build fails if it can't read a folder that contains a named path or in which a wildcard is matched.
  const requires = (path: string): boolean =>
    roots.includes(path) || scope.leadsTo(path) || (matches ??= matcherOf(patterns))(path);
  if (roots.includes("")) return { wants: always, isPast: never, requires };
  const last = [...roots].sort(compareTree).at(-1) ?? "";
  return {
    scope,
    wants: (path) => scope.includes(path),
    isPast: (path) => compareTree(path, last) > 0 && !path.startsWith(`${last}/`),
    requires,
  };
}

/** Returns a pattern without wildcards unchanged, otherwise its directories before the first wildcard. */
function literalPart(pattern: string): string {
  const parts = pattern.split("/");
  const firstWildcard = parts.findIndex((part) => wildcard.test(part));
  return (firstWildcard < 0 ? parts : parts.slice(0, firstWildcard)).join("/");
}
