/** A part of AWS with accounts and domains of its own. */
export interface AwsPartition {
  /** The domain of its services. */
  readonly domain: string;
  /** The domain of hosts that are reached over IPv4 and IPv6. */
  readonly dualStackDomain: string;
}

const commercial: AwsPartition = { domain: "amazonaws.com", dualStackDomain: "on.aws" };

/** By how the names of their regions begin; all others, GovCloud's too, are below `amazonaws.com`. */
const partitions: readonly (readonly [prefix: string, partition: AwsPartition])[] = [
  ["cn-", { domain: "amazonaws.com.cn", dualStackDomain: "on.amazonwebservices.com.cn" }],
  ["eusc-", { domain: "amazonaws.eu", dualStackDomain: "on.amazonwebservices.eu" }],
  ["us-iso-", { domain: "c2s.ic.gov", dualStackDomain: "on.aws.ic.gov" }],
  ["us-isob-", { domain: "sc2s.sgov.gov", dualStackDomain: "on.aws.scloud" }],
  ["us-isof-", { domain: "csp.hci.ic.gov", dualStackDomain: "on.aws.hci.ic.gov" }],
  ["eu-isoe-", { domain: "cloud.adc-e.uk", dualStackDomain: "on.cloud-aws.adc-e.uk" }],
];

/** Matches the name of a region, such as `us-gov-west-1`. */
export const regionPattern = /^[a-z]{2,4}(?:-[a-z]{2,20}){1,3}-\d{1,2}$/;

/** Finds the partition of a region by the region's name. */
export function partitionOf(region: string): AwsPartition {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? commercial;
}

/** Whether ECR Public serves a partition: all of its repositories are in the commercial one. */
export function hasPublicRegistry(region: string): boolean {
  return partitionOf(region) === commercial && !region.startsWith("us-gov-");
}
