/** Returns what, or how many cases, a test tries: `whole` in `npm run test:thorough`, otherwise `small`. */
export function volume<T>(small: T, whole: T): T {
  return process.env["IMAGE_BUILDERS_THOROUGH"] === "1" ? whole : small;
}
