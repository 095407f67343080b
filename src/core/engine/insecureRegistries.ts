import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** A daemon's settings about registries without verified TLS. */
export interface InsecureRegistries {
  /** By host with its port; what is listed here decides. */
  readonly IndexConfigs?: Readonly<Record<string, { readonly Secure?: boolean | null } | null>> | null;
  /** Networks, such as `10.0.0.0/8`. */
  readonly InsecureRegistryCIDRs?: readonly string[] | null;
}

const maxNetworks = 1_000;

/**
 * Whether a daemon speaks to a registry without verified TLS, by Docker's rule: its list of hosts decides; for a host
 * that is not in it, whether one of the host's addresses is in a listed network.
 */
export async function isInsecureRegistry(
  { IndexConfigs, InsecureRegistryCIDRs }: InsecureRegistries,
  host: string,
): Promise<boolean> {
  const listed = new Map(Object.entries(IndexConfigs ?? {})).get(host);
  if (listed) return listed.Secure === false;
  const networks = networksOf(InsecureRegistryCIDRs ?? []);
  if (!networks) return false;
  const addresses = await addressesOf(host.replace(/:\d+$/, "").replace(/^\[|\]$/g, ""));
  return addresses.some((address) => networks.check(address, isIP(address) === 6 ? "ipv6" : "ipv4"));
}

function networksOf(ranges: readonly string[]): BlockList | undefined {
  const networks = new BlockList();
  let hasAny = false;
  for (const range of ranges.slice(0, maxNetworks)) {
    const [address = "", bits = ""] = range.split("/");
    const family = isIP(address);
    const length = /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (family === 0 || length < 0 || length > (family === 4 ? 32 : 128)) continue;
    networks.addSubnet(address, length, family === 6 ? "ipv6" : "ipv4");
    hasAny = true;
  }
  return hasAny ? networks : undefined;
}

/** A name that can't be looked up here has no address in any network. */
async function addressesOf(name: string): Promise<readonly string[]> {
  if (isIP(name) !== 0) return [name];
  const found = await lookup(name, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
