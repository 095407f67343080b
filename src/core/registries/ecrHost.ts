/** The region of an ECR registry's host; nothing where it is none, or more than a host. */
export function ecrRegionOf(uri: string): string | undefined {
  return /^\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(uri)?.[1];
}
