import { homedir } from "node:os";
import { join } from "node:path";

/** Returns whether a path starts in the user's home folder: `~`, or `~/` and more. */
export function isHomePath(path: string): boolean {
  return path === "~" || path.startsWith("~/");
}

/**
 * Replaces a leading `~` with the user's home folder, as a shell does; any other path is returned as it is.
 *
 * @param home absolute path
 */
export function expandHome(path: string, home = homedir()): string {
  return isHomePath(path) ? join(home, path.slice(1)) : path;
}
