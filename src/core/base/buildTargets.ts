import type { BuildOptions } from "./buildOptions";

/** The platforms to build for; none means the daemon's own. */
export function platformsOf({ platform }: BuildOptions): string[] {
  return platform?.split(",") ?? [];
}

/** The images that a build may take its cache from. */
export function cacheImages({ cacheFrom }: BuildOptions): string[] | undefined {
  return cacheFrom?.map((entry) => entry.replace(/^type=registry,ref=/, ""));
}
