import type { BuildOptions } from "./buildOptions";

/** Returns the platforms to build for; empty for the daemon's own. */
export function platformsOf({ platform }: BuildOptions): string[] {
  return platform?.split(",") ?? [];
}

/** Returns the names of the images whose cache a build may use; undefined if the option is not set. */
export function cacheImages({ cacheFrom }: BuildOptions): string[] | undefined {
  return cacheFrom?.map((entry) => entry.replace(/^type=registry,ref=/, ""));
}
