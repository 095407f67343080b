import { lookup as lookupName } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { isLoopback } from "./proxy";

/** Decides whether a host may be connected to at an address; throws if not. */
export type AddressCheck = (host: string, address: string) => void;

/**
 * Addresses that mean this machine, its own link, or a cloud's service that tells a machine its secrets. Private
 * networks are not among them: companies have their registries there.
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

/** Whether an IP address is one that a public service has no reason to send us to. */
export function isInner(address: string): boolean {
  const plain = embeddedIpv4(address) ?? address;
  return inner.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

/** The IPv4 address that an IPv6 one stands for: mapped, translated, compatible, by NAT64 or by 6to4. */
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
 * Lets a service send us anywhere but to {@link isInner inner addresses}; to itself in any case, and to this machine if
 * it is here too.
 *
 * @param service a host without a port
 * @param refusal makes the error
 */
export function outerOnly(service: string, refusal: (host: string, address: string) => Error): AddressCheck {
  // By where it was found: asked anew, a name server of its own could answer otherwise.
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
 * Looks names up as Node does and checks every address that comes of it, so that what is checked is what is connected
 * to.
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
