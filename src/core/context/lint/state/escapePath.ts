/** A path as a pattern that means nothing else. */
export function escapePath(path: string): string {
  return path.replace(/[\\*?[\]{}|^]/g, "\\$&");
}
