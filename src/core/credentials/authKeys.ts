import { canonicalHost } from "../base/imageReference";
import { withoutEnd } from "../base/trimText";

/** Key under which `docker login` stores Docker Hub's credentials. */
export const dockerHubServer = "https://index.docker.io/v1/";

/** Registry, and optionally one repository of it, for which a file may have credentials. */
export interface AuthPlace {
  /** In lowercase, `docker.io` for Docker Hub. */
  readonly host: string;
  /** Path below the host. */
  readonly repository?: string;
}

/**
 * Selects the keys of `auths` that Docker uses: the host's own, otherwise those of the same host with a scheme, an API
 * version, or a path. Docker uses any of several; those that lead to the repository come first here.
 */
export function dockerAuthKeys(keys: readonly string[], { host, repository = "" }: AuthPlace): string[] {
  const own = keys.filter((key) => isHostItself(key, host));
  if (own.length > 0) return own.sort((one, other) => Number(one !== host) - Number(other !== host));
  const rank = (key: string): number => {
    const path = pathOfKey(key);
    return path !== "" && `${repository}/`.startsWith(`${path}/`) ? -path.length : 0;
  };
  return keys.filter((key) => hostOfKey(key) === host).sort((one, other) => rank(one) - rank(other));
}

/**
 * Selects the key of `auths` that Podman uses: that of the repository, of the namespaces above it, then of the host.
 * Its entry decides, even if it is empty.
 *
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export function podmanAuthKeys(keys: readonly string[], { host, repository = "" }: AuthPlace): string[] {
  const segments = repository === "" ? [] : repository.split("/");
  for (let length = segments.length; length >= 0; length -= 1) {
    const wanted = [host, ...segments.slice(0, length)].join("/");
    if (keys.includes(wanted)) return [wanted];
  }
  // A key with a path but no scheme is not that of the host.
  const ofHost = keys.find((key) => (/^https?:\/\//.test(key) || !key.includes("/")) && hostOfKey(key) === host);
  return ofHost === undefined ? [] : [ofHost];
}

/** Whether a key of `credHelpers` is that of a host: neither Docker nor Podman knows helpers by other addresses. */
export function isHostItself(key: string, host: string): boolean {
  return canonicalHost(key) === host || (host === "docker.io" && key === dockerHubServer);
}

function hostOfKey(key: string): string {
  return canonicalHost(withoutScheme(key).replace(/\/.*$/s, ""));
}

function pathOfKey(key: string): string {
  const address = withoutScheme(key);
  const host = address.indexOf("/");
  return host < 0 ? "" : withoutEnd(address.slice(host + 1), "/");
}

function withoutScheme(key: string): string {
  return key.replace(/^https?:\/\//i, "");
}
