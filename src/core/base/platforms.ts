const platform = "[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9.]+)?";

/** Pattern of `os/architecture`, `os/architecture/variant`, or a comma-separated list of these. */
export const platformsPattern = new RegExp(`^${platform}(?:,${platform})*$`);

/**
 * Normalizes platforms that a person entered: removes spaces, uppercase, and duplicates. Returns undefined if one is
 * not a platform.
 */
export function parsePlatforms(text: string): string | undefined {
  const platforms = new Set(
    text
      .toLowerCase()
      .split(",")
      .map((each) => each.trim()),
  );
  const joined = [...platforms].join(",");
  return platformsPattern.test(joined) ? joined : undefined;
}
