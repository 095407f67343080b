import type { Credentials } from "./credentialSource";
import { SecretMask } from "./secretMask";

/** What of credentials nobody may see. */
export function secretOf(credentials: Credentials): string {
  if ("registryToken" in credentials) return credentials.registryToken;
  return "identityToken" in credentials ? credentials.identityToken : credentials.password;
}

/**
 * Returns an error as it is or, if a service has quoted a secret in its answer in any form, without that and without
 * its causes.
 */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  return new SecretMask(secrets).withoutSecrets(error);
}
