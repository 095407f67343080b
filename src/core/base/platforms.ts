const platform = "[a-z0-9]+/[a-z0-9_]+(?:/[a-z0-9.]+)?";

/** `os/architecture` or `os/architecture/variant`; several are separated by commas. */
export const platformsPattern = new RegExp(`^${platform}(?:,${platform})*$`);

/**
 * Platforms as a person writes them, with spaces and capitals, as the options want them, each once; nothing where one
 * is no platform.
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
