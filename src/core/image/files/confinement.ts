import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import { foreignHost } from "../../base/networkPath";

/** Only folders from which files may be read; undefined if there is no limit. */
export type Confinement = readonly string[] | undefined;

/** Maximum number of links to follow in a chain. */
const maxLinks = 40;

/**
 * Whether a path, with all links resolved, is in one of the folders. For a path that doesn't exist, its nearest
 * existing folder decides.
 */
export function isConfined(path: string, within: Confinement): boolean {
  if (within === undefined) return true;
  if (within.every((folder) => foreignHost(path, folder) !== undefined)) return false;
  const real = realPathOf(resolve(path));
  return within.some((folder) => {
    const way = relative(realPathOf(resolve(folder)), real);
    return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  });
}

/** Checks that a path is in one of the folders. @throws ImageBuilderError `workspaceUntrusted` if not */
export function checkConfined(path: string, within: Confinement): void {
  if (isConfined(path, within)) return;
  const remedy = "Trust the workspace, or move the file or folder into it";
  throw new ImageBuilderError(
    "workspaceUntrusted",
    `"${path}" is outside the workspace's folders and can't be read in Restricted Mode. ${remedy}.`,
  );
}

function realPathOf(path: string, links = maxLinks): string {
  try {
    return realpathSync.native(path);
  } catch {
    if (dirname(path) === path || links === 0) return path;
    const folder = realPathOf(dirname(path), links);
    const target = targetOf(path);
    return target === undefined ? join(folder, basename(path)) : realPathOf(resolve(folder, target), links - 1);
  }
}

/** Returns the target of a link, which may not exist; undefined if the path is not a link. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
