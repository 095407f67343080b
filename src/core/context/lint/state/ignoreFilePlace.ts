import { lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { systemCodeOf } from "../../../base/errors";
import { pathWithin } from "../../../base/pathWithin";

/**
 * What is in an ignore file's place that builders do not take for one; nothing for a file, for a link to one, and if
 * nothing is there.
 *
 * @param root absolute path of the context
 * @param file slash-separated, relative to the root
 */
export function ignoreFilePlace(root: string, file: string): "folder" | "linkOut" | undefined {
  const path = join(root, file);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return "folder";
  if (!stats?.isSymbolicLink()) return undefined;
  try {
    const target = realpathSync(path);
    if (lstatSync(target).isDirectory()) return "folder";
    return pathWithin(realpathSync(root), target) === undefined ? "linkOut" : undefined;
  } catch (error) {
    // A link to nothing is as good as no file.
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
