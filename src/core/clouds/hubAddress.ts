import { registryHost } from "../base/imageReference";

const host = "docker.io";
const account = /^[a-z0-9]+(?:[_-]+[a-z0-9]+)*$/;

/**
 * Reads an address at Docker Hub: under any of its hosts, or, as ZenML documents it, the account alone.
 *
 * @returns the address with a host; undefined for those of other registries
 * @throws ImageBuilderError `configurationInvalid` for what is no address of a registry
 */
export function hubAddress(uri: string): string | undefined {
  // By Docker's rule, `localhost` is a host.
  if (account.test(uri) && uri !== "localhost") return `${host}/${uri}`;
  return registryHost(uri) === host ? uri : undefined;
}
