/**
 * Returns a package's name as indexes compare it.
 *
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
export function packageName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
