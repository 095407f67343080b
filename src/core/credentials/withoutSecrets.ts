import { ImageBuilderError } from "../errors";
import type { Credentials } from "./credentialSource";

/** Shorter ones would be found in ordinary words. */
const minLength = 8;

/** What of credentials nobody may see. */
export function secretOf(credentials: Credentials): string {
  if ("registryToken" in credentials) return credentials.registryToken;
  return "identityToken" in credentials ? credentials.identityToken : credentials.password;
}

/** An error as it is, or, where a service has quoted a secret in its answer, without that; its causes quote it, too, and go. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!ImageBuilderError.is(error)) return error;
  const told = textsOf(error).join("\n");
  const quoted = secrets.filter((secret) => secret.length >= minLength && told.includes(secret));
  if (quoted.length === 0) return error;
  const message = quoted.reduce((text, secret) => text.replaceAll(secret, "***"), error.message);
  return new ImageBuilderError(error.code, message, { location: error.location });
}

function textsOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const others: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [error.message, ...[...others, ...(error.cause === undefined ? [] : [error.cause])].flatMap(textsOf)];
}
