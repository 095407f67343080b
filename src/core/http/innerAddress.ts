import { lookup as lookupName } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { isLoopback } from "./proxy";

/** Decides whether a host may be connected to at an address; throws if not. */
export type AddressCheck = (host: string, address: string) => void;

/**
 * Addresses of this machine, its own link, multicast, and cloud services that give a machine its secrets. Private
 * networks are not included, because companies run their registries there.
 */
const inner = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 3],
] as const)
  inner.addSubnet(network, bits, "ipv4");
for (const address of ["100.100.100.200", "168.63.129.16", "192.0.0.192"]) inner.addAddress(address, "ipv4");
for (const [network, bits] of [
  ["::", 127],
  ["fe80::", 10],
  ["ff00::", 8],
  ["fd00:ec2::", 32],
  ["fd20:ce::", 32],
] as const)
  inner.addSubnet(network, bits, "ipv6");

const sixToFour = /^2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):/;

/** Checks whether an IP address is one that a public service has no reason to refer to. */
export function isInner(address: string): boolean {
  const plain = embeddedIpv4(address) ?? address;
  return inner.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

/**
 * Returns the IPv4 address that an IPv6 address represents: mapped, translated, compatible, by NAT64, or by 6to4;
 * undefined for others.
 */
function embeddedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const canonical = new URL(`http://[${address.split("%", 1)[0]}]/`).hostname.slice(1, -1);
  const [, high = "", low = ""] =
    /^(?:::ffff:(?:0:)?|::|64:ff9b:(?::|1:(?:[0-9a-f]{0,4}:){1,4}))([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ??
    sixToFour.exec(canonical) ??
    [];
  if (high === "") return undefined;
  const [a, b] = [parseInt(high, 16), parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join(".");
}

/**
 * Creates a check that allows a service to refer to any address except {@link isInner inner addresses}; itself in any
 * case, and this machine if the service runs here too.
 *
 * @param service host without a port
 * @param refusal creates the error
 */
export function outerOnly(service: string, refusal: (host: string, address: string) => Error): AddressCheck {
  // Depends on the addresses that were found for the service: if they were looked up again, its own name server could
  // answer differently.
  let isHere = isLoopback(service);
  let isElsewhere = false;
  return (host, address) => {
    if (host === service) {
      isHere ||= isLoopback(address);
      isElsewhere ||= !isLoopback(address);
      return;
    }
    if (!isInner(address) || (isLoopback(address) && isHere && !isElsewhere)) return;
    throw refusal(host, address);
  };
}

/**
 * Creates a lookup function that resolves names as Node does and checks every address found, so that exactly the
 * addresses that are connected to are checked.
 */
export function checkedLookup(check: AddressCheck): LookupFunction {
  return (host, options, callback) => {
    lookupName(host, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses: readonly string[] = Array.isArray(found) ? found.map(({ address }) => address) : [String(found)];
      try {
        for (const address of addresses) check(host, address);
      } catch (refused) {
        return callback(refused as NodeJS.ErrnoException, "");
      }
      return callback(null, found, family);
    });
  };
}
