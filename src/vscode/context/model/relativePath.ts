import { posix } from "node:path";
import type { Uri } from "vscode";

/** A place's path below a folder, slash-separated, empty for the folder itself; nothing for what lies elsewhere. */
export function relativePath(folder: Uri, place: Uri): string | undefined {
  if (folder.scheme !== place.scheme || folder.authority !== place.authority) return undefined;
  const path = posix.relative(folder.path, place.path);
  return path === ".." || path.startsWith("../") ? undefined : path;
}
