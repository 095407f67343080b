import { posix } from "node:path";
import type { Uri } from "vscode";

/** Returns a path relative to a folder, with slashes: empty for the folder itself, undefined outside it. */
export function relativePath(folder: Uri, place: Uri): string | undefined {
  if (folder.scheme !== place.scheme || folder.authority !== place.authority) return undefined;
  const path = posix.relative(folder.path, place.path);
  return path === ".." || path.startsWith("../") ? undefined : path;
}
