import { ImageBuilderError } from "../base/errors";
import type { Log } from "../base/log";

/**
 * What a registry is shown: a name and password, an identity token that is exchanged for the registry's own, or that
 * token itself. Never logged.
 */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string }
  | { readonly registryToken: string };

/** Credentials with the words that tell a person where they came from, such as `credential helper "pass"`. */
export interface CredentialAnswer {
  readonly credentials: Credentials;
  readonly source: string;
}

/** Somewhere credentials may be found: a stored secret, a connector, the user's Docker config. */
export interface CredentialSource {
  /**
   * @param host the registry's host with its port, `docker.io` for Docker Hub
   * @param secretName the stored secret that the registry's configuration names, if it names one
   * @returns nothing when this source has none for the host
   * @throws ImageBuilderError `credentialsFailed` when it should have answered and could not, and the signal's reason
   * when aborted
   */
  find(host: string, secretName?: string, signal?: AbortSignal): Promise<CredentialAnswer | undefined>;
}

/** Asks one source after the other; the first that answers decides. */
export function firstOf(...sources: readonly CredentialSource[]): CredentialSource {
  return {
    async find(host, secretName, signal) {
      for (const source of sources) {
        const answer = await source.find(host, secretName, signal);
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
    async find(host, secretName, signal) {
      let failure: ImageBuilderError | undefined;
      for (const source of sources) {
        try {
          const answer = await source.find(host, secretName, signal);
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
