import { ImageBuilderError } from "../base/errors";
import { outerOnly, type AddressCheck } from "../http/innerAddress";

/** Host of Docker Hub's registry. */
export const dockerHubHost = "registry-1.docker.io";

const maxLength = 2048;

/**
 * Checks the address of a token service to which a registry sends credentials. As in Docker, any address is allowed;
 * but only over TLS, unless the registry itself uses none.
 *
 * @param host host of the registry, for messages
 * @throws ImageBuilderError `registryFailed`
 */
export function checkRealm(realm: string, { host, plain }: { readonly host: string; readonly plain: boolean }): URL {
  const url = realm.length <= maxLength && URL.canParse(realm) ? new URL(realm) : undefined;
  if (!url || url.hostname === "" || !["https:", "http:"].includes(url.protocol))
    throw refused(host, "to an invalid URL");
  if (url.username !== "" || url.password !== "") throw refused(host, `to ${url.host} with a user name in the URL`);
  if (url.protocol === "http:" && !plain) throw refused(host, `to ${url.origin} without TLS`);
  url.hash = "";
  return url;
}

/**
 * Creates a check that keeps a registry's token service and redirects from pointing to this machine, link-local
 * addresses, or a cloud's metadata service.
 */
export function realmAddresses(host: string): AddressCheck {
  const origin = `https://${host === "docker.io" ? dockerHubHost : host}`;
  const service = URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[|\]$/g, "") : host;
  return outerOnly(service, (other, address) => {
    const where = other === address ? other : `${other} (${address})`;
    return new ImageBuilderError(
      "registryFailed",
      `${host} refers to ${where}, an address of this machine or its local network, which is not allowed. ` +
        "Check that its address is right.",
    );
  });
}

function refused(host: string, where: string): ImageBuilderError {
  return new ImageBuilderError(
    "registryFailed",
    `${host} requests credentials to be sent ${where}, which is not allowed. Check that its address is right.`,
  );
}
