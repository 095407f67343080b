import { existsSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import { contactedHost, isThere } from "../../base/contactedHost";
import { pathWithin } from "../../base/pathWithin";
import { OutsideError, type OutsideUse } from "./outsideError";

/** Limits which files an image may use. */
export interface Places {
  /** Folders whose files may be read. Links that lead to them or are above them are the person's own. */
  readonly folders: readonly string[];
  /** Whether the person may be asked about other places. If not, they are refused, as in Restricted Mode. */
  readonly asks?: boolean;
  /** Other files and folders that the person has allowed, by their paths without links. */
  readonly allowed?: readonly OutsideUse[];
}

/** Only places from which files may be read; undefined if there is no limit. */
export type Confinement = Places | undefined;

/** Maximum number of links to follow in a chain. */
const maxLinks = 40;

/**
 * Whether a path, with all links resolved, is in one of the folders or allowed places. For a path that doesn't exist,
 * its nearest existing folder decides.
 */
export function isConfined(path: string, within: Confinement): boolean {
  return within === undefined || !placeOf(path, within).isOutside;
}

/**
 * Checks that a path is in one of the folders or allowed places.
 *
 * @throws ImageBuilderError `workspaceUntrusted` if not; {@link OutsideError} where the person may be asked;
 * `imageFileMissing` for a path on another computer
 */
export function checkConfined(path: string, within: Confinement): void {
  if (within !== undefined) confinedPath(path, within);
}

/** Returns the path without links, which was checked; throws like {@link checkConfined}. */
export function confinedPath(path: string, within: Places): string {
  const { real, isOutside } = placeOf(path, within);
  if (!isOutside && real !== elsewhere) return real;
  if (within.asks !== true) {
    const remedy = "Trust the workspace and allow it when asked, or move the file or folder into the workspace";
    throw new ImageBuilderError(
      "workspaceUntrusted",
      `Not read in Restricted Mode: "${path}" is outside the workspace's folders. ${remedy}.`,
    );
  }
  if (real !== elsewhere) throw new OutsideError([{ kind: "files", path: real }]);
  throw new ImageBuilderError(
    "imageFileMissing",
    `"${path}" is on another computer and was not accessed. Copy it to this computer.`,
  );
}

/**
 * Whether a file that an image may do without is there and may be read. Outside, it counts as missing in Restricted
 * Mode.
 *
 * @throws {@link OutsideError} where the person may be asked
 */
export function isReadable(path: string, within: Confinement): boolean {
  if (isConfined(path, within)) return isThere(path);
  if (within?.asks !== true || placeOf(path, within).real === elsewhere || !existsSync(path)) return false;
  checkConfined(path, within);
  return true;
}

/**
 * Returns the path without links of a folder whose names may be listed; undefined if they may not.
 *
 * @throws {@link OutsideError} where the person may be asked
 */
export function listablePath(folder: string, within: Places): string | undefined {
  const { real, isOutside } = placeOf(folder, within);
  if (real === elsewhere) return undefined;
  if (!isOutside || isAllowed(real, within, ["files", "names"])) return real;
  if (within.asks !== true) return undefined;
  throw new OutsideError([{ kind: "names", path: real }]);
}

/** Stands for a path on another computer, which is not resolved. */
const elsewhere = Symbol("another computer");

/** Real path, and whether it is in no place from which files may be read. */
interface Place {
  readonly real: string | typeof elsewhere;
  readonly isOutside: boolean;
}

function placeOf(path: string, within: Places): Place {
  const { folders } = within;
  const near = folders.filter((folder) => contactedHost(path, folder) === undefined);
  if (near.length === 0) return { real: elsewhere, isOutside: true };
  const real = realPathOf(resolve(path));
  const isInside = folders.some((folder) => pathWithin(realPathOf(resolve(folder)), real) !== undefined);
  return { real, isOutside: !isInside && !isAllowed(real, within, ["files"]) };
}

/** The allowed paths are compared as they are: they were without links when the person was asked. */
function isAllowed(real: string, { allowed = [] }: Places, kinds: readonly OutsideUse["kind"][]): boolean {
  return allowed.some(({ kind, path }) => kinds.includes(kind) && pathWithin(path, real) !== undefined);
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
