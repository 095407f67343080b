import { matcherOf } from "../context/dockerignore/pathMatcher";
import { systemCodeOf } from "../base/errors";
import { FolderMovedError } from "../context/files/realFolder";
import { LinkFollower } from "./linkFollower";

const everything = (): boolean => true;

/**
 * Returns a test of which files of a context the docker CLI sends for a list of follow paths. It is exact: follows
 * symlinks within the context and matches wildcards. `followPathsFilter` does the same with less work and may accept
 * more.
 *
 * The test accepts everything if a path or a folder can't be examined.
 *
 * @param followPaths paths relative to the root, with slashes; empty for everything
 * @see https://github.com/tonistiigi/fsutil
 */
export function followedFiles(followPaths: readonly string[], root: string | undefined): (path: string) => boolean {
  if (followPaths.length === 0 || root === undefined) return everything;
  try {
    const patterns = new LinkFollower(root, true).follow(followPaths);
    return patterns ? matcherOf(patterns) : everything;
  } catch (error) {
    if (systemCodeOf(error) === undefined && !(error instanceof FolderMovedError)) throw error;
    return everything;
  }
}
