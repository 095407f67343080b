import { clutterOf, secretKindOf } from "./names";
import { withFolders } from "./pathPatterns";

/** The part of a path, down from the root, that is a secret or clutter by its name; nothing if no part is. */
export function offendingPart(path: string): string | undefined {
  const parts = withFolders(path);
  const clutter = parts.find((part) => clutterOf(part.slice(part.lastIndexOf("/") + 1), part !== path) !== undefined);
  return clutter ?? (secretKindOf(path) ? path : undefined);
}
