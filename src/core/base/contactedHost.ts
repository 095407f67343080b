import { existsSync, readlinkSync } from "node:fs";
import nodePath, { type PlatformPath } from "node:path";
import { foreignHost } from "./networkPath";
import { pathWithin } from "./pathWithin";

/** Maximum number of links to follow, as in most systems. */
const maxLinks = 40;

/** The system's rules, for tests of another one. */
interface System {
  readonly platform?: NodeJS.Platform;
  readonly rules?: PlatformPath;
  /** Returns the target of a link; undefined for anything else. Must not follow it. */
  readonly readLink?: (path: string) => string | undefined;
}

/**
 * Names the computer that Windows would contact to look at a path, because the path or a link on its way leads there;
 * undefined for a path of this machine, for one on the computer that `folder` is on already, and on other systems.
 *
 * @param path absolute, or relative to the folder
 * @param folder absolute path of a folder that a person has opened; links to it or above it are the person's own
 */
export function contactedHost(path: string, folder?: string, system: System = {}): string | undefined {
  const { platform = process.platform, rules = nodePath } = system;
  if (platform !== "win32") return undefined;
  const base = folder ?? rules.resolve(".");
  return foreignHost(path, folder, platform) ?? linkedHost(rules.resolve(base, path), base, system);
}

/**
 * Whether something is at an absolute path, without contacting another computer. A link that leads to one counts: what
 * reads it reports where it leads.
 */
export function isThere(path: string): boolean {
  return isLinkedAway(path) || existsSync(path);
}

/**
 * Whether Windows would contact another computer to follow a link at an absolute path. The folder that it is in counts
 * as the person's own.
 */
export function isLinkedAway(path: string): boolean {
  return contactedHost(path, nodePath.dirname(path)) !== undefined;
}

/** Follows links one at a time, and looks at a target only once it is known to be on this machine. */
function linkedHost(
  path: string,
  folder: string,
  { platform = process.platform, rules = nodePath, readLink = targetOf }: System,
): string | undefined {
  const isInside = pathWithin(folder, path, rules) !== undefined;
  let at = isInside ? folder : rules.parse(path).root;
  const names = rules.relative(at, path).split(rules.sep).filter(Boolean);
  for (let links = 0, name = names.shift(); name !== undefined; name = names.shift()) {
    const next = rules.join(at, name);
    const target = readLink(next);
    if (target === undefined || links++ === maxLinks) {
      at = next;
      continue;
    }
    const host = foreignHost(target, folder, platform);
    if (host !== undefined) return host;
    const place = rules.resolve(at, target);
    at = rules.parse(place).root;
    names.unshift(...rules.relative(at, place).split(rules.sep).filter(Boolean));
  }
  return undefined;
}

function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
