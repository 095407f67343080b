import { isDeepStrictEqual } from "node:util";
import type { CredentialAnswer, CredentialSource } from "../credentials/credentialSource";
import type { NamedRegistries } from "./namedRegistries";

/** Maximum number of repositories of one host whose credentials are looked up; a helper may take long. */
const maxRepositories = 20;

/**
 * Finds the different logins for the images that a build names of one host, in their order. There is usually one;
 * Podman may have others for single repositories.
 */
export async function namedLogins(
  named: NamedRegistries,
  host: string,
  credentials: CredentialSource,
  signal?: AbortSignal,
): Promise<CredentialAnswer[]> {
  const found: CredentialAnswer[] = [];
  const paths: (string | undefined)[] = named.paths(host).slice(0, maxRepositories);
  if (paths.length === 0) paths.push(undefined);
  for (const repository of paths) {
    const answer = await credentials.find(host, { repository, signal });
    if (answer && !found.some((each) => isDeepStrictEqual(each.credentials, answer.credentials))) found.push(answer);
  }
  return found;
}

/** Says that a builder takes one login for a host, which may be the wrong one for other repositories. */
export function oneLoginOnly(host: string, { source }: CredentialAnswer): string {
  return (
    `This build has different credentials for repositories of ${host}, but its builder takes one login for each ` +
    `registry. The first one, from ${source}, is used.`
  );
}
