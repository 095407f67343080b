import { hubAddress } from "./hubAddress";
import { googleAddress } from "./googleRegistry";

/** Readers of the flavors that accept addresses in other forms; no other flavor changes an address. */
const readers = new Map([
  ["dockerhub", hubAddress],
  ["gcp", googleAddress],
]);

/**
 * Returns the address of a registry as its flavor keeps it: of an account at Docker Hub, `docker.io/account`. What the
 * flavor does not take stays as it is.
 *
 * @param flavor its name
 * @throws ImageBuilderError `configurationInvalid` for what is no address of a registry
 */
export function keptAddress(flavor: string, uri: string): string {
  return readers.get(flavor)?.(uri) ?? uri;
}
