import { ImageBuilderError } from "../base/errors";
import { outerOnly, type AddressCheck } from "../http/innerAddress";

/** Where Docker Hub's registry is reached. */
export const dockerHubHost = "registry-1.docker.io";

const maxLength = 2048;

/**
 * Checks where a registry sends a login for a token. Docker sends it to any address that the registry names, so that
 * much is the same here; but only over TLS, unless the registry itself has none.
 *
 * @param host the registry's, for messages
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
 * Keeps a registry from sending us to this machine, its link or a cloud's metadata, by its token service or a redirect.
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
