import type { CredentialAnswer } from "./credentialSource";

/** Login that a registry requires: a token from its service, the password itself, or none. */
export type LoginScheme = "token" | "password" | "none";

/** Request for a token of a registry. */
export interface WantedToken {
  readonly host: string;
  readonly login: CredentialAnswer;
  /** Such as `repository:team/app:pull`. */
  readonly scopes: readonly string[];
  /** Token service that the daemon specifies; trusted only if the registry specifies it too. */
  readonly realm: string;
  readonly service: string;
}

/** Token of a registry. */
export interface IssuedToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** An image that could not be read. */
export interface RefusedImage {
  readonly host: string;
  /** Below the host. */
  readonly path: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/**
 * Determines how registries authenticate, and fetches tokens from their services, so that the daemon doesn't need a
 * password.
 */
export interface RegistryTokens {
  /**
   * Returns the login that a registry requires.
   *
   * @throws ImageBuilderError if the registry can't be reached from here; the signal's reason
   */
  schemeOf(host: string, signal: AbortSignal): Promise<LoginScheme>;
  /**
   * Fetches a token.
   *
   * @throws ImageBuilderError `registryUnauthorized`, `registryFailed`, and errors of the requests; the signal's reason
   */
  fetch(wanted: WantedToken, signal: AbortSignal): Promise<IssuedToken>;
  /**
   * Returns why a registry refuses to let an image be read; undefined if it doesn't, or doesn't respond in time.
   *
   * @throws the signal's reason
   */
  whyRefused(image: RefusedImage, login: CredentialAnswer | undefined, signal: AbortSignal): Promise<Error | undefined>;
}
