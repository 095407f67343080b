import { compareTree } from "../context/files/pathOrder";
import { PathScope } from "../context/files/pathScope";
import { matcherOf } from "./followedFiles";
import { LinkFollower } from "./linkFollower";

/** What of a list is sent: what no COPY or ADD reads may be left out. */
export interface EntryFilter {
  /** What is wanted; undefined for everything. */
  readonly scope?: PathScope;
  readonly wants: (path: string) => boolean;
  /** Whether nothing that is wanted comes after a path, in the order in which entries are sent. */
  readonly isPast: (path: string) => boolean;
  /** Whether a build cannot do without what is at a path: exact, where what is wanted may be more. */
  readonly requires: (path: string) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const everything: EntryFilter = { wants: always, isPast: never, requires: always };
const wildcard = /[*?[\\]/;

/**
 * The entries that a list of follow paths asks for: what they name, all below it and the directories above it; for a
 * wildcard all that is in its directory. Symlinks are followed within the root.
 *
 * @param followPaths slash-separated paths relative to the root, in which there may be wildcards; none means everything
 */
export function followPathsFilter(followPaths: readonly string[], root: string | undefined): EntryFilter {
  if (followPaths.length === 0 || root === undefined) return everything;
  const patterns = new LinkFollower(root, false).follow(followPaths);
  if (!patterns) return everything;
  const roots = patterns.map(literalPart);
  const scope = new PathScope(roots.filter((path) => path !== ""));
  let matches: ((path: string) => boolean) | undefined;
  // Where a folder cannot be read that holds what is named, or that a wildcard looks into, a build fails.
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

/** A pattern as it is, or the directory up to which there is no wildcard. */
function literalPart(pattern: string): string {
  const parts = pattern.split("/");
  const firstWildcard = parts.findIndex((part) => wildcard.test(part));
  return (firstWildcard < 0 ? parts : parts.slice(0, firstWildcard)).join("/");
}
