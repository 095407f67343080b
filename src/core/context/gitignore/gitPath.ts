import { posix } from "node:path";

/**
 * Resolves a path in one of Git's own files, such as `C:/repo/.git/worktrees/x`, which Git for Windows writes into the
 * `.git` file of a worktree.
 *
 * @param base the path of a folder as a URI has it: `/c:/x`
 * @returns the path as a URI has it; undefined for one on another computer of Windows
 */
export function gitPath(base: string, written: string, isWindows: boolean): string | undefined {
  const path = isWindows ? written.replaceAll("\\", "/") : written;
  if (isWindows && path.startsWith("//")) return undefined;
  return posix.resolve(base, isWindows && /^[A-Za-z]:\//.test(path) ? `/${path}` : path);
}
