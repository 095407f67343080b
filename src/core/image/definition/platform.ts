import { checkChoice, definitionInvalid, describe } from "./check";

/** The platforms that images are built for. */
export const architectures = [
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/386",
  "linux/ppc64le",
  "linux/riscv64",
  "linux/s390x",
] as const;

/** A platform as Docker writes it. */
export type Architecture = (typeof architectures)[number];

/**
 * The platforms of an image, each once, in the order given.
 *
 * @throws ImageBuilderError `imageInvalid`, with the known ones
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
