import type { Credentials } from "../credentials/credentialSource";

/** Credentials in the format of the Engine API. */
export type AuthConfig =
  | { readonly username: string; readonly password: string }
  | { readonly identitytoken: string }
  | { readonly registrytoken: string };

/** Converts credentials to the daemon's format for `X-Registry-Auth` and `X-Registry-Config`. */
export function authConfigOf(credentials: Credentials): AuthConfig {
  if ("registryToken" in credentials) return { registrytoken: credentials.registryToken };
  if ("identityToken" in credentials) return { identitytoken: credentials.identityToken };
  return { username: credentials.username, password: credentials.password };
}
