/** Returns the region in the host of an ECR registry; undefined for other hosts, and for addresses with a path. */
export function ecrRegionOf(uri: string): string | undefined {
  return /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(uri)?.[1];
}
