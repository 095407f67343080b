import { checkChoice, definitionInvalid, describe } from "./check";

/** Supported platforms. */
export const architectures = [
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/386",
  "linux/ppc64le",
  "linux/riscv64",
  "linux/s390x",
] as const;

/** Platform in Docker's notation. */
export type Architecture = (typeof architectures)[number];

/**
 * Checks the platforms of an image; returns them in the given order, without duplicates.
 *
 * @throws ImageBuilderError `imageInvalid`, with the supported platforms
 */
export function checkPlatforms(
  where: string,
  platform: Architecture | readonly Architecture[],
): readonly Architecture[] {
  const platforms = typeof platform === "string" ? [platform] : platform;
  if (!Array.isArray(platforms) || platforms.length === 0) {
    throw definitionInvalid(
      where,
      `platform is ${describe(platform)}. Use a platform such as "linux/amd64", or a list of platforms.`,
    );
  }
  return [...new Set(platforms.map((each: unknown) => checkChoice(where, "platform", each, architectures)))];
}
