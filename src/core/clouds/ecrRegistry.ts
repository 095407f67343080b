import { hasPublicRegistry, partitionOf, regionPattern } from "./awsPartitions";

/** A registry of Amazon ECR: an account's own in one region, or ECR Public, which all accounts share. */
export type EcrRegistry = PrivateRegistry | PublicRegistry;

interface PrivateRegistry {
  readonly kind: "private";
  /** In lower case, as it was written: one registry has several. */
  readonly host: string;
  readonly account: string;
  readonly region: string;
  /** The domain of the services of its partition, such as `amazonaws.com`. */
  readonly domain: string;
}

interface PublicRegistry {
  readonly kind: "public";
  readonly host: string;
  /** The only region in which ECR Public issues tokens. */
  readonly region: "us-east-1";
  readonly domain: "amazonaws.com";
}

const publicHosts = ["public.ecr.aws", "ecr-public.aws.com"];
/** The longest name that DNS allows is shorter. */
const maxLength = 2_048;

/**
 * Reads which registry of ECR a host is; undefined for all other hosts. A token for ECR is sent to these hosts alone.
 *
 * Accounts have 12 digits; ZenML's documentation writes 9 in its examples.
 *
 * @param host without a scheme, port, and path
 * @see https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
export function ecrHost(host: string): EcrRegistry | undefined {
  if (host.length > maxLength) return undefined;
  const lower = host.toLowerCase();
  if (publicHosts.includes(lower)) return { kind: "public", host: lower, region: "us-east-1", domain: "amazonaws.com" };
  const [, account, region, written] =
    /^(\d{9}(?:\d{3})?)\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]{1,63})\.([a-z0-9.-]+)$/.exec(lower) ?? [];
  if (account === undefined || region === undefined || !regionPattern.test(region)) return undefined;
  const { domain, dualStackDomain } = partitionOf(region);
  return written === domain || written === dualStackDomain
    ? { kind: "private", host: lower, account, region, domain }
    : undefined;
}

/**
 * Reads which registry of ECR is meant by an address, whose scheme and path are dropped, or by the ARN of a repository.
 */
export function ecrRegistry(text: string): EcrRegistry | undefined {
  const id = text.trim();
  if (id.length > maxLength) return undefined;
  const [, service, region, account] =
    /^arn:aws[a-z-]{0,20}:(ecr|ecr-public):([a-z0-9-]{0,63}):(\d{12}):repository(?:\/[^\s]*)?$/.exec(id) ?? [];
  if (service === "ecr-public") return ecrHost("public.ecr.aws");
  if (account !== undefined && region !== undefined)
    return ecrHost(`${account}.dkr.ecr.${region}.${partitionOf(region).domain}`);
  const [, host] = /^(?:https?:\/\/)?([^/\s]+)(?:\/\S*)?$/i.exec(id) ?? [];
  return host === undefined ? undefined : ecrHost(host);
}

/** Whether two registries are the same one by different hosts, such as that for IPv6. */
export function isSameEcrRegistry(one: EcrRegistry, other: EcrRegistry): boolean {
  if (one.kind === "public" || other.kind === "public") return one.kind === other.kind;
  return one.account === other.account && one.region === other.region;
}

/** Whether the credentials of a region open a registry: tokens are a region's own, and ECR Public's are everyone's. */
export function isOpenedFrom(region: string, registry: EcrRegistry): boolean {
  return registry.kind === "public" ? hasPublicRegistry(region) : registry.region === region;
}
