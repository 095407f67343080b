/** Returns how many cases a test tries: `whole` in `npm run test:thorough`, otherwise `small`. */
export function volume(small: number, whole: number): number {
  return process.env["IMAGE_BUILDERS_THOROUGH"] === "1" ? whole : small;
}
