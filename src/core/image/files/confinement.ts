import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import { foreignHost } from "../../base/networkPath";

/** Folders outside of which nothing is looked at; undefined lets everything be read. */
export type Confinement = readonly string[] | undefined;

/** Links that lead to links. */
const maxLinks = 40;

/**
 * Whether a path, with all links followed, lies in one of the folders. Says so of what does not exist by its nearest
 * folder that does.
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

/** @throws ImageBuilderError `workspaceUntrusted` for a path outside of the folders */
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

/** Where a link leads that leads nowhere. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
