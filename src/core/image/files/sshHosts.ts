/** Host keys as the services publish them, one for each. */
const publishedKeys: readonly (readonly [host: string, key: string])[] = [
  ["github.com", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"],
  ["gitlab.com", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf"],
  ["bitbucket.org", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ4bqs3d63QSMzYVa0MuJ2e2gKTKqu+UUO"],
];

/**
 * Host keys of well-known services in the format of `known_hosts`, for layers that name no file.
 *
 * @see https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints
 * @see https://docs.gitlab.com/user/gitlab_com/#ssh-known_hosts-entries
 * @see https://support.atlassian.com/bitbucket-cloud/docs/configure-ssh-and-two-step-verification/
 */
export const publishedHostKeys = publishedKeys.map(([host, key]) => `${host} ${key}\n`).join("");

/** Whether the host keys of a server are among {@link publishedHostKeys}. */
export function isPublished(host: string): boolean {
  return publishedKeys.some(([known]) => known === host.toLowerCase());
}

/**
 * Returns the server that a requirement, or an address of a repository, reaches over SSH: `host`, or `[host]:port` for
 * a port of its own, as `known_hosts` names it. Undefined for all others.
 */
export function sshHostOf(text: string): string | undefined {
  const scheme = text.search(/\bssh:\/\//i);
  if (scheme < 0) return scpHostOf(text);
  const [authority = ""] = text.slice(scheme + "ssh://".length).split(/[/\s?#]/, 1);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const [, name, port] = /^([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i.exec(host) ?? [];
  if (name === undefined) return undefined;
  return port === undefined || port === "22" ? name : `[${name}]:${port}`;
}

/** Returns the host of an address such as `git@github.com:team/tools.git`. */
function scpHostOf(text: string): string | undefined {
  const colon = text.indexOf(":");
  const [user, host, ...more] = text.slice(0, Math.max(colon, 0)).split("@");
  const isPlain = user !== undefined && /^[\w.-]+$/.test(user) && host !== undefined && /^[\w.-]+$/.test(host);
  return isPlain && more.length === 0 && !text.startsWith("//", colon + 1) ? host : undefined;
}
