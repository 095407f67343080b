/**
 * A modification time in whole microseconds since 1970, which is about what a number of milliseconds can hold: the same
 * for a file each time it is read, and in the same second, which is what images keep.
 */
export function microsecondsOf(mtimeMs: number): number {
  const lastOfSecond = (Math.floor(mtimeMs / 1000) + 1) * 1e6 - 1;
  return Math.min(Math.round(mtimeMs * 1000), lastOfSecond);
}
