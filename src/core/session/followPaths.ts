import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path/posix";
import { compareTree } from "../context/files/pathOrder";

/** What of a list is sent: what no COPY or ADD reads may be left out. */
export interface EntryFilter {
  readonly wants: (path: string) => boolean;
  /** Whether nothing that is wanted comes after a path, in the order in which entries are sent. */
  readonly isPast: (path: string) => boolean;
}

const everything: EntryFilter = { wants: () => true, isPast: () => false };
const wildcard = /[*?[\\]/;

/**
 * The entries that a list of follow paths asks for: what they name, all below it and the directories above it. Where a
 * path holds wildcards before its last part or leads over a symlink everything is sent, which is always allowed.
 *
 * @param followPaths slash-separated paths relative to the root, the last part may hold wildcards; none means
 * everything
 */
export function followPathsFilter(followPaths: readonly string[], root: string | undefined): EntryFilter {
  if (followPaths.length === 0 || root === undefined) return everything;
  const wanted: string[] = [];
  for (const followPath of followPaths) {
    const parts = join("/", followPath)
      .split("/")
      .filter((part) => part !== "");
    const firstWildcard = parts.findIndex((part) => wildcard.test(part));
    const literal = firstWildcard < 0 ? parts : parts.slice(0, firstWildcard);
    if (literal.length === 0 || (firstWildcard >= 0 && firstWildcard < parts.length - 1)) return everything;
    if (leadsOverLink(root, literal) || (firstWildcard >= 0 && holdsLink(join(root, ...literal)))) return everything;
    wanted.push(literal.join("/"));
  }
  const last = wanted.sort(compareTree).at(-1) ?? "";
  const isAtOrBelow = (path: string, want: string): boolean => path === want || path.startsWith(`${want}/`);
  return {
    wants: (path) => wanted.some((want) => isAtOrBelow(path, want) || want.startsWith(`${path}/`)),
    isPast: (path) => compareTree(path, last) > 0 && !isAtOrBelow(path, last),
  };
}

function leadsOverLink(root: string, parts: readonly string[]): boolean {
  return parts.some((_, i) => isLink(join(root, ...parts.slice(0, i + 1))));
}

/** What cannot be looked at may be one. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch {
    return true;
  }
}

function holdsLink(directory: string): boolean {
  try {
    return readdirSync(directory, { withFileTypes: true }).some((entry) => entry.isSymbolicLink());
  } catch {
    return true;
  }
}
