import { clutterOf, secretKindOf } from "./names";
import { withFolders } from "./pathPatterns";

/**
 * Returns the part of a path, from the root, that is clutter by its name, or the path itself if it is a secret;
 * otherwise undefined.
 */
export function offendingPart(path: string): string | undefined {
  const parts = withFolders(path);
  const clutter = parts.find((part) => clutterOf(part.slice(part.lastIndexOf("/") + 1), part !== path) !== undefined);
  return clutter ?? (secretKindOf(path) ? path : undefined);
}
