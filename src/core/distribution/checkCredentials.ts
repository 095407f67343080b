import type { CredentialAnswer } from "../credentials/credentialSource";
import { ImageBuilderError, type ErrorCode } from "../base/errors";
import { RegistryClient } from "./registryClient";
import type { RegistryPlace } from "./registryConnection";

/** Result of checking a registry's credentials. */
export type CredentialCheck = {
  readonly host: string;
  /** Source of the credentials; undefined if there are none. */
  readonly source?: string;
} &
  /** `notWanted`: the registry requested no credentials, so they were not checked. */
  (
    | { readonly outcome: "accepted" | "notWanted" | "mayPush" }
    | { readonly outcome: "failed"; readonly code: ErrorCode; readonly message: string }
  );

/**
 * Finds the credentials of a registry, tries them, and returns the result; a failure is returned, not thrown.
 *
 * @param repository path below the host, to which the credentials must also be able to push
 * @throws only errors other than `ImageBuilderError`, and the signal's reason if aborted
 */
export async function checkCredentials(
  place: RegistryPlace,
  { repository, signal }: { readonly repository?: string; readonly signal?: AbortSignal } = {},
): Promise<CredentialCheck> {
  let answer: CredentialAnswer | undefined;
  const found = (): { readonly host: string; readonly source?: string } => ({
    host: place.host,
    ...(answer && { source: answer.source }),
  });
  try {
    answer = await place.credentials();
    const client = new RegistryClient({ ...place, credentials: async () => answer });
    const { asksForCredentials } = await client.ping(signal);
    if (repository !== undefined) {
      await client.checkMayPush(repository, signal);
      return { ...found(), outcome: "mayPush" };
    }
    return { ...found(), outcome: asksForCredentials ? "accepted" : "notWanted" };
  } catch (error) {
    signal?.throwIfAborted();
    if (!ImageBuilderError.is(error)) throw error;
    return { ...found(), outcome: "failed", code: error.code, message: error.message };
  }
}
