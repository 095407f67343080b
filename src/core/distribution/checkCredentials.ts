import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { RegistryClient } from "./registryClient";
import type { RegistryPlace } from "./registryConnection";

/** Result of checking a registry's credentials. */
export type CredentialCheck = {
  readonly host: string;
  /** Source of the credentials; undefined if there are none. */
  readonly source?: string;
} & (
  | {
      /** `notWanted`: the registry requested no credentials, so they were not checked. */
      readonly outcome: "accepted" | "notWanted";
      /** The repository, below the host, to which a push was tried, too. */
      readonly pushTested?: string;
    }
  | { readonly outcome: "mayPush"; readonly asksForCredentials: boolean; readonly repository: string }
  | { readonly outcome: "failed"; readonly code: ErrorCode; readonly message: string }
);

/** Further checks after the login. */
export interface CheckOptions {
  /** Path below the host that the credentials should be able to push to. */
  readonly repository?: string;
  /** Whether a push first creates a repository that is not there. */
  readonly createsRepositories?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Finds the credentials of a registry, tries them, and says in plain words how it went.
 *
 * @throws only what is no `ImageBuilderError`, and the signal's reason when aborted
 */
export async function checkCredentials(
  place: RegistryPlace,
  { repository, createsRepositories = false, signal }: CheckOptions = {},
): Promise<CredentialCheck> {
  let answer: CredentialAnswer | undefined;
  const found = (): { readonly host: string; readonly source?: string } => ({
    host: place.host,
    ...(answer && { source: answer.source }),
  });
  try {
    answer = await place.credentials(repository);
    const client = new RegistryClient({ ...place, credentials: async () => answer });
    const { asksForCredentials } = await client.ping(signal);
    if (repository !== undefined) {
      await client.checkMayPush(repository, signal).catch((error: unknown) => {
        if (!createsRepositories || !ImageBuilderError.is(error, "registryNotFound")) throw error;
      });
      return { ...found(), outcome: "mayPush", asksForCredentials, repository };
    }
    return { ...found(), outcome: asksForCredentials ? "accepted" : "notWanted" };
  } catch (error) {
    signal?.throwIfAborted();
    if (!ImageBuilderError.is(error)) throw error;
    return { ...found(), outcome: "failed", code: error.code, message: error.message };
  }
}
