import { ImageBuilderError } from "../base/errors";
import type { Log } from "../base/log";

/**
 * Credentials for a registry: a user name and password, an identity token that is exchanged for the registry's own, or
 * that token itself. Never logged.
 */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string }
  | { readonly registryToken: string };

/** Credentials and their source in words, such as `credential helper "pass"`. */
export interface CredentialAnswer {
  readonly credentials: Credentials;
  readonly source: string;
}

/** The user name, which a registry may quote and which may hold any word. */
export function namesOf(credentials: Credentials): string[] {
  return "username" in credentials ? [credentials.username] : [];
}

/** Details of a search for credentials. */
export interface CredentialQuestion {
  /** Stored secret in the registry's configuration, if there is one. */
  readonly secretName?: string;
  /** Path below the host: Podman may have credentials for it alone. Undefined for the registry itself. */
  readonly repository?: string;
  readonly signal?: AbortSignal;
}

/** Place where credentials may be found: a stored secret, a connector, the user's Docker config. */
export interface CredentialSource {
  /**
   * Finds the credentials for a registry.
   *
   * @param host the registry's host with its port, `docker.io` for Docker Hub
   * @returns undefined if this source has none for the host
   * @throws ImageBuilderError `credentialsFailed` if it should have credentials and can't provide them; the signal's
   * reason when aborted
   */
  find(host: string, question?: CredentialQuestion): Promise<CredentialAnswer | undefined>;
}

/** Combines sources: they are asked in order until one has credentials. */
export function firstOf(...sources: readonly CredentialSource[]): CredentialSource {
  return {
    async find(host, question) {
      for (const source of sources) {
        const answer = await source.find(host, question);
        if (answer) return answer;
      }
      return undefined;
    },
  };
}

/**
 * Asks one source after the other as {@link firstOf} does, except that one that fails is passed over: its failure is
 * logged, and thrown only when no other has an answer.
 */
export function firstWorking(log: Pick<Log, "warn">, ...sources: readonly CredentialSource[]): CredentialSource {
  return {
    async find(host, question) {
      let failure: ImageBuilderError | undefined;
      for (const source of sources) {
        try {
          const answer = await source.find(host, question);
          if (answer) return answer;
        } catch (error) {
          if (!ImageBuilderError.is(error, "credentialsFailed")) throw error;
          log.warn(error.message);
          failure ??= error;
        }
      }
      if (failure) throw failure;
      return undefined;
    },
  };
}
