/** How much a test does: a share in every run, the whole with `IMAGE_BUILDERS_THOROUGH=1`. */
export function volume(small: number, whole: number): number {
  return process.env["IMAGE_BUILDERS_THOROUGH"] === "1" ? whole : small;
}
