/** How many cases a test drives: few in the ordinary suites, all where `IMAGE_BUILDERS_THOROUGH=1` is set. */
export function volume(small: number, whole: number): number {
  return process.env["IMAGE_BUILDERS_THOROUGH"] === "1" ? whole : small;
}
