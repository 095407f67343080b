/** How many random cases a test tries: `whole` in `npm run test:thorough`, which sets `IMAGE_BUILDERS_THOROUGH`, else `small`. */
export function volume(small: number, whole: number): number {
  return process.env["IMAGE_BUILDERS_THOROUGH"] === "1" ? whole : small;
}
