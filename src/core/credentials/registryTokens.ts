import type { CredentialAnswer } from "./credentialSource";

/** What a registry asks a login for: a token that its service issues, the password itself, or nothing. */
export type LoginScheme = "token" | "password" | "none";

/** A token to be fetched for a registry. */
export interface WantedToken {
  readonly host: string;
  readonly login: CredentialAnswer;
  /** Such as `repository:team/app:pull`. */
  readonly scopes: readonly string[];
  /** Where the daemon says that tokens are issued, and for which service: believed only if the registry says so too. */
  readonly realm: string;
  readonly service: string;
}

/** A token for a registry. */
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

/** Asks registries how they take logins, and their services for tokens, so that a daemon need not know a password. */
export interface RegistryTokens {
  /** @throws ImageBuilderError when the registry cannot be asked from here; the signal's reason */
  schemeOf(host: string, signal: AbortSignal): Promise<LoginScheme>;
  /** @throws ImageBuilderError `registryUnauthorized`, `registryFailed` and what asking throws; the signal's reason */
  fetch(wanted: WantedToken, signal: AbortSignal): Promise<IssuedToken>;
  /**
   * Why a registry does not let an image be read; undefined where it does, or does not answer in time.
   *
   * @throws the signal's reason
   */
  whyRefused(image: RefusedImage, login: CredentialAnswer | undefined, signal: AbortSignal): Promise<Error | undefined>;
}
