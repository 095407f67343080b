/**
 * Returns a modification time in whole microseconds since 1970, about the precision of a number of milliseconds. The
 * result is the same each time a file is read, and stays in the same second, which is what images store.
 */
export function microsecondsOf(mtimeMs: number): number {
  const lastOfSecond = (Math.floor(mtimeMs / 1000) + 1) * 1e6 - 1;
  return Math.min(Math.round(mtimeMs * 1000), lastOfSecond);
}
