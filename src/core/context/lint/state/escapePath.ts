/** Returns a pattern that matches only this path. */
export function escapePath(path: string): string {
  return path.replace(/[\\*?[\]{}|^]/g, "\\$&");
}
