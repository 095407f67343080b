import { lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { isLinkedAway } from "../../../base/contactedHost";
import { systemCodeOf } from "../../../base/errors";
import { pathWithin } from "../../../base/pathWithin";

/**
 * Returns what is at an ignore file's path if builders don't accept it; undefined for a file, for a link to a file in
 * the context, and if nothing is there.
 *
 * @param root absolute path of the context
 * @param file path relative to the root, with slashes
 */
export function ignoreFilePlace(root: string, file: string): "folder" | "linkOut" | undefined {
  const path = join(root, file);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return "folder";
  if (!stats?.isSymbolicLink()) return undefined;
  if (isLinkedAway(path)) return "linkOut";
  try {
    const target = realpathSync(path);
    if (lstatSync(target).isDirectory()) return "folder";
    return pathWithin(realpathSync(root), target) === undefined ? "linkOut" : undefined;
  } catch (error) {
    // A dangling link is treated as a missing file.
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
