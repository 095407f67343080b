import type { Credentials } from "./credentialSource";
import { SecretMask } from "./secretMask";

/** Returns the secret part of credentials. */
export function secretOf(credentials: Credentials): string {
  if ("registryToken" in credentials) return credentials.registryToken;
  return "identityToken" in credentials ? credentials.identityToken : credentials.password;
}

/** Returns an error unchanged or, if it quotes a secret in any form, masked and without its causes. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  return new SecretMask(secrets).withoutSecrets(error);
}
