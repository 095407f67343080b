import path, { type PlatformPath } from "node:path";

/**
 * Returns the path of a file relative to a folder, with slashes: "" for the folder itself, undefined for a file that is
 * not in the folder, such as one on another drive of Windows.
 *
 * @param folder absolute
 * @param file absolute
 */
export function pathWithin(folder: string, file: string, platform: PlatformPath = path): string | undefined {
  const way = platform.relative(folder, file);
  const isOutside = way === ".." || way.startsWith(`..${platform.sep}`) || platform.isAbsolute(way);
  return isOutside ? undefined : way.split(platform.sep).join("/");
}
